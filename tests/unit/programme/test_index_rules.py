"""Index rules and reference sets are optional, digested, and refused by name."""

from __future__ import annotations

import re

import msgspec
import pytest

from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_of
from dokja.programme import parse_rulebook, rules_digest
from dokja.programme.index_rules import IndexRules, MissingPart
from dokja.programme.values import Rulebook
from tests.rulebooks import EXAMPLE, ROOT, example_rulebook

SECTIONS = """
[index_rules]
version = "2027.1"

[index_rules.frontier]
draws = 4000

[[index_rules.frontier.categories]]
id = "reasoning"
name = { ko = "추론", en = "Reasoning" }
weight = 0.6
benchmarks = ["gpqa", "maths"]

[[index_rules.frontier.categories]]
id = "own"
name = { ko = "팀 선택", en = "Chosen by teams" }
weight = 0.4
benchmarks = ["vqa", "law"]
team_chosen = true

[index_rules.frontier.eci]
least_references = 20
anchors = [{ model = "ref-a", value = 130 }, { model = "ref-b", value = 150 }]

[index_rules.diffusion]
reference = "ref-a"
currency = "KRW"
device = "gpu-a"
quality_floor = 0.5
context_tokens = 32768
formats = ["gguf", "safetensors"]
openness = { "Apache-2.0" = 1, "MIT" = 1 }
adoption_unit = "downloads a month"
adoption_from = "2026-07-01"
adoption_until = "2026-12-31"

[[index_rules.diffusion.parts]]
id = "cost"
name = { ko = "해결 문항당 비용", en = "Cost per solved item" }
measure = "cost_per_solved"
weight = 0.5
times_at_zero = 0.1
times_at_full = 10

[[index_rules.diffusion.parts]]
id = "throughput"
name = { ko = "장치당 처리량", en = "Throughput per device" }
measure = "throughput"
weight = 0.1
times_at_zero = 0.25
times_at_full = 4

[[index_rules.diffusion.parts]]
id = "memory"
name = { ko = "메모리", en = "Memory" }
measure = "memory"
weight = 0.1
times_at_zero = 0.25
times_at_full = 4

[[index_rules.diffusion.parts]]
id = "formats"
name = { ko = "추론 포맷", en = "Inference formats" }
measure = "formats"
weight = 0.1
scale = "share"

[[index_rules.diffusion.parts]]
id = "openness"
name = { ko = "라이선스 개방성", en = "Openness of the licence" }
measure = "openness"
weight = 0.1
scale = "share"

[[index_rules.diffusion.parts]]
id = "adoption"
name = { ko = "이용 수치", en = "Adoption" }
measure = "adoption"
weight = 0.1
times_at_zero = 0.01
times_at_full = 100
on_missing = "left_out"

[[reference_sets]]
stage = "stage-1"
cut_off = "2026-12-31"
picked_by = "office"
benchmarks = ["gpqa", "maths"]
admits = ["sourced_release", "official_run", "no_competitor"]
open_licences = ["Apache-2.0", "MIT"]
"""
WHOLE = EXAMPLE + SECTIONS


def _changed(old: str, new: str, count: int = 1) -> str:
    assert old in SECTIONS, old
    return EXAMPLE + SECTIONS.replace(old, new, count)


def test_the_sections_are_read_as_written() -> None:
    """And survive the JSON that bundles keep."""
    rulebook = parse_rulebook(WHOLE, where="whole")
    assert rulebook.index_rules is not msgspec.UNSET
    assert rulebook.index_rules.frontier is not None
    assert rulebook.index_rules.frontier.draws == 4000
    assert rulebook.index_rules.diffusion is not None
    parts = rulebook.index_rules.diffusion.parts
    assert [p.on_missing for p in parts][-1] is MissingPart.LEFT_OUT
    policy = rulebook.reference_set("stage-1")
    assert policy is not None
    assert policy.cut_off == "2026-12-31"
    assert rulebook.reference_set("stage-2") is None
    plain = msgspec.to_builtins(rulebook)
    again = msgspec.convert(plain, Rulebook, strict=False)
    assert again == rulebook
    assert rules_digest(again) == rules_digest(rulebook)


def test_rules_from_before_the_sections_stand_as_they_were_frozen() -> None:
    """The digest of the shipped rulebooks is that of their own tables alone."""
    for text in (EXAMPLE, _text("programmes/k-ai/rulebook.toml")):
        rulebook = parse_rulebook(text, where="old")
        plain = msgspec.to_builtins(rulebook)
        assert plain.keys().isdisjoint({"index_rules", "reference_sets"})
        assert rulebook.reference_set("stage-1") is None


def test_the_example_on_the_page_is_a_valid_one() -> None:
    """An office starts from what it reads there."""
    section, *_ = re.findall(r"```toml\n(.*?)```", _text("docs/indices.md"), re.DOTALL)
    rulebook = parse_rulebook(EXAMPLE + section, where="docs/indices.md")
    assert rulebook.index_rules is not msgspec.UNSET
    assert rulebook.reference_set("stage-1") is not None


def _text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_the_sections_are_part_of_the_rules() -> None:
    """Another weight is another rulebook, and other index rules."""
    found = [
        parse_rulebook(text, where="w")
        for text in (WHOLE, _changed("draws = 4000", "draws = 5000"))
    ]
    digests = {rules_digest(each) for each in (*found, example_rulebook())}
    assert len(digests) == 3
    assert digest_of(found[0].index_rules) != digest_of(found[1].index_rules)


def test_defaults_that_are_written_out_change_no_digest() -> None:
    """What was agreed is the same, whoever typed more of it."""
    spelt = _changed('stage = "stage-1"', 'stage = "stage-1"\ndraws = 2000')
    assert rules_digest(parse_rulebook(spelt, where="s")) == rules_digest(
        parse_rulebook(WHOLE, where="w")
    )


MISTAKES = {
    "unknown key": (
        _changed("draws = 4000", "drawz = 4000"),
        ("unknown field `drawz`", "index_rules.frontier", "clause 2."),
    ),
    "weights of categories": (
        _changed("weight = 0.4", "weight = 0.5"),
        ("clause 2.", "Frontier Index: the weights sum to 1.1, not 1"),
    ),
    "weight below zero": (
        _changed("weight = 0.6", "weight = -0.6"),
        ("weight of -0.6",),
    ),
    "benchmark in two categories": (
        _changed('["vqa", "law"]', '["vqa", "gpqa"]'),
        ("counts benchmark gpqa 2 times",),
    ),
    "category without benchmarks": (
        _changed('["vqa", "law"]', "[]"),
        ("category own has no benchmark",),
    ),
    "category twice": (
        _changed('id = "own"', 'id = "reasoning"'),
        ("category reasoning 2 times",),
    ),
    "too few draws": (_changed("draws = 4000", "draws = 200"), ("200 draws",)),
    "one anchor": (
        _changed(', { model = "ref-b", value = 150 }', ""),
        ("two anchor models",),
    ),
    "anchors of one value": (
        _changed("value = 150", "value = 130"),
        ("two anchor models with two different values",),
    ),
    "a latent scale of the teams alone": (
        _changed("least_references = 20", "least_references = 5"),
        ("5 reference models", "fewer than 15"),
    ),
    "a fit without a ridge": (
        _changed("least_references = 20", "ridge = 0"),
        ("ridge of 0",),
    ),
    "no version": (_changed('version = "2027.1"', 'version = " "'), ("no version",)),
    "weights of parts": (
        _changed("weight = 0.5", "weight = 0.4"),
        ("Diffusion Index: the weights sum to 0.9, not 1",),
    ),
    "a scale without ends": (
        _changed("times_at_zero = 0.1\n", ""),
        ("cost needs 0 < times_at_zero",),
    ),
    "a scale the wrong way round": (
        _changed("times_at_zero = 0.1\n", "times_at_zero = 20\n"),
        ("cost needs 0 < times_at_zero",),
    ),
    "a cost that passes for a share": (
        _changed("times_at_zero = 0.1\ntimes_at_full = 10", 'scale = "share"'),
        ("cost is no share",),
    ),
    "a share with ends": (
        _changed('scale = "share"', 'scale = "share"\ntimes_at_zero = 0.1'),
        ("formats is a share and takes no",),
    ),
    "no reference": (
        _changed('reference = "ref-a"', 'reference = ""'),
        ("names no ref",),
    ),
    "no currency": (_changed('currency = "KRW"\n', ""), ("cost_per_solved needs",)),
    "no device": (
        _changed('device = "gpu-a"\n', ""),
        ("throughput needs a device", "memory needs a device"),
    ),
    "no quality": (
        _changed("quality_floor = 0.5\n", ""),
        ("throughput needs a quality_floor",),
    ),
    "no context": (_changed("context_tokens = 32768\n", ""), ("context_tokens",)),
    "no formats": (
        _changed('formats = ["gguf", "safetensors"]\n', ""),
        ("formats needs",),
    ),
    "no licences": (
        _changed('openness = { "Apache-2.0" = 1, "MIT" = 1 }\n', ""),
        ("openness needs",),
    ),
    "a licence beyond open": (_changed('"MIT" = 1', '"MIT" = 2'), ("MIT is worth 2",)),
    "adoption at any time": (
        _changed('adoption_until = "2026-12-31"\n', ""),
        ("adoption needs adoption_from",),
    ),
    "adoption of no unit": (
        _changed('adoption_unit = "downloads a month"\n', ""),
        ("adoption needs an adoption_unit",),
    ),
    "no such day": (
        _changed('cut_off = "2026-12-31"', 'cut_off = "2026-13-31"'),
        ("clause 2.", "cut_off '2026-13-31' is no day"),
    ),
    "a set of everything": (
        _changed(
            'admits = ["sourced_release", "official_run", "no_competitor"]',
            "admits = []",
        ),
        ("admits every model",),
    ),
    "a set over nothing": (
        EXAMPLE + SECTIONS.replace('["gpqa", "maths"]\nadmits', "[]\nadmits"),
        ("names no benchmark",),
    ),
    "no open licence": (
        _changed('open_licences = ["Apache-2.0", "MIT"]\n', ""),
        ("no licence counts as open",),
    ),
    "two sets of a stage": (
        WHOLE + SECTIONS[SECTIONS.index("[[reference_sets]]") :],
        ("stage stage-1 has 2 reference sets",),
    ),
    "a window without a day": (
        WHOLE.replace("window_months = 6", "window_months = 0"),
        ("window of 0 months",),
    ),
    "a target nobody picks": (
        WHOLE.replace('chosen_by = "office"', 'chosen_by = "press"'),
        ("no rule says who 'press' is",),
    ),
    "a criterion nobody knows": (
        _changed('"no_competitor"', '"is_nice"'),
        ("is_nice", "reference_sets[0].admits"),
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_is_named_with_its_clause(mistake: str) -> None:
    """An office must find the entry to mend without reading our code."""
    text, named = MISTAKES[mistake]
    with pytest.raises(InvalidInput) as caught:
        parse_rulebook(text, where="rulebook.toml")
    for part in named:
        assert part in caught.value.fact


def test_index_rules_that_describe_nothing_are_refused() -> None:
    """An empty section would read as if something had been agreed."""
    with pytest.raises(InvalidInput, match="neither"):
        parse_rulebook(EXAMPLE + '\n[index_rules]\nversion = "1"\n', where="empty")
    assert IndexRules(version="1").frontier is None
