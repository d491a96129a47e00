"""The page of a comparison: complete, bilingual, safe, small enough to send."""

from __future__ import annotations

import re

import msgspec
import pytest

from dokja.errors import InvalidInput
from dokja.evidence.values import Text
from dokja.lineage import LineageReport, LineageVerdict, shipped_rules
from dokja.lineage.values import Relation
from dokja.report import Reproduction, render_comparison
from dokja.report.comparison.left_out import left_out
from dokja.report.sections.evidence import NOT_MEASURED
from dokja.report.wording import RELATION, VERDICT, component_kind
from tests.comparison_fixture import (
    REACHED,
    REPRODUCTION,
    UNREACHED,
    beside_nulls,
    comparison,
    every_verdict,
    large,
    part,
)
from tests.unit.report.parsed_page import Element, parse

HOSTILE = '<script>alert(1)</script>" onload="alert(2)'
HANGUL = re.compile("[가-힣]")


def _render(report: LineageReport, reproduction: Reproduction = REPRODUCTION) -> str:
    return render_comparison(report, rules=shipped_rules(), reproduction=reproduction)


@pytest.fixture(scope="module")
def html() -> str:
    """The page on six made-up components."""
    return _render(every_verdict())


@pytest.fixture(scope="module")
def page(html: str) -> Element:
    """The same, taken apart."""
    return parse(html)


def _bare() -> LineageReport:
    """The same components without what only newer reports carry."""
    parts = tuple(
        msgspec.structs.replace(
            component,
            explained_interval=None,
            relation_reason=None,
            tests=tuple(
                msgspec.structs.replace(t, layer_effects=()) for t in component.tests
            ),
        )
        for component in every_verdict().components
    )
    return comparison(*parts)


@pytest.mark.parametrize("number", range(6))
def test_every_component_says_its_verdict_in_both_languages(
    page: Element, number: int
) -> None:
    """The page exists for this one line."""
    component = every_verdict().components[number]
    verdict, kind = VERDICT[component.verdict], component_kind(component.name)
    for key in (f"row-{number + 1}", f"component-{number + 1}"):
        text = page.by_id(key).text
        for words in (verdict.ko, verdict.en, kind.ko, kind.en, component.name):
            assert words in text
    section = page.by_id(f"component-{number + 1}").text
    assert component.reason.ko in section
    assert component.reason.en in section


def test_every_agreement_says_what_models_trained_apart_reach() -> None:
    """An agreement without its error bound reads as proof."""
    text = parse(_render(beside_nulls())).by_id("component-1").text
    for words in (UNREACHED, REACHED, NOT_MEASURED):
        assert text.count(words.ko) == 1
        assert text.count(words.en) == 1


def test_the_head_says_the_worst_verdict_and_counts_the_others(page: Element) -> None:
    """Who reads no further must not take away a milder verdict."""
    head = page.by_id("decision").text
    assert "동일 Identical" in head
    assert "Identical: audio encoder; Derived: text decoder" in head
    assert "증거 없음 1개(텍스트 인코더)" in head


def test_a_share_stands_beside_its_interval_and_a_relation_beside_its_reason(
    page: Element,
) -> None:
    """No number without uncertainty, no relation without its ground."""
    section = page.by_id("component-1").text
    assert "63.0%" in section
    assert "58.0 – 67.0%" in section.replace("\N{NO-BREAK SPACE}", " ")
    relation = RELATION[Relation.DEPTH_UPSCALED]
    assert relation.ko in section
    assert relation.en in section
    assert "Reference layers are used more than once." in section
    assert "참조 층이 겹쳐 쓰였음" in section


def test_every_test_by_layers_has_its_map_and_its_table(page: Element) -> None:
    """The table is what those read who cannot see the map."""
    for number, component in enumerate(every_verdict().components, start=1):
        section = page.by_id(f"component-{number}")
        tables = [
            e
            for e in section.find_all("table")
            if e.attributes.get("class") == "layers"
        ]
        by_layers = [t for t in component.tests if any(t.layer_effects)]
        maps = [e for e in section.walk() if e.attributes.get("class") == "lattice"]
        assert len(maps) == len(tables) == len(by_layers)
        for test, table in zip(by_layers, tables, strict=True):
            assert len(table.find_all("tr")) == 1 + len(test.layer_effects)


def test_the_table_of_a_map_gives_the_effects_and_the_layer_map(page: Element) -> None:
    """Every number of the picture, or the largest of each row where it is wide."""
    component = every_verdict().components[1]
    table = next(
        e
        for e in page.by_id("component-2").find_all("table")
        if e.attributes.get("class") == "layers"
    )
    row = table.find_all("tr")[1 + 6]
    effects = component.tests[0].layer_effects[6]
    shown = [e.text.replace("\N{MINUS SIGN}", "-") for e in row.find_all("td")]
    assert shown[:-1] == [f"{e:.3f}".replace("-0.000", "0.000") for e in effects]
    assert shown[-1] == "6"
    wide = next(
        e
        for e in page.by_id("component-1").find_all("table")
        if e.attributes.get("class") == "layers"
    )
    cells = [e.text for e in wide.find_all("tr")[1 + 24].find_all("td")]
    assert (cells[0], cells[-1]) == ("8", "8")


def test_a_report_without_effects_by_layers_has_no_empty_figure() -> None:
    """Reports of earlier versions lack them, and byte-equal components too."""
    page = parse(_render(_bare()))
    assert [e for e in page.walk() if e.attributes.get("class") == "lattice"] == []
    assert "Effects layer by layer" not in page.text
    section = page.by_id("component-1").text
    assert "구간 없음 no interval" in section
    assert "63.0%" in section


def test_controls_and_thresholds_stand_beside_the_effect(page: Element) -> None:
    """An effect without its strangers says nothing."""
    section = page.by_id("component-1").text
    assert "known strangers" in section
    assert "알려진 후손" in section
    assert "≥ 0.05" in section
    assert "−0.004" in section


def test_tensors_left_out_are_counted_by_reason_and_pattern(page: Element) -> None:
    """A list of thousands of names is read by nobody."""
    text = page.by_id("component-1").text
    assert "× 48 layers.*.input_layernorm.weight" in text
    assert "정규화 이득은 어느 모델에서나 1로 시작하여" in text
    assert "a reason this page has never seen 1" in text
    (group,) = left_out(("a.1.b: why", "c.2.d: why", "c.3.d: why", "e2: why"))
    assert [(n.name, n.count) for n in group.names] == [
        ("a.1.b", 1),
        ("c.*.d", 2),
        ("e2", 1),
    ]


def test_the_tokenizer_stands_apart_and_never_in_a_verdict(page: Element) -> None:
    """A shared vocabulary is no evidence of inherited weights."""
    text = page.by_id("vocabulary").text
    assert "Never part of a verdict." in text
    assert "31.0%" in text
    assert "31.0%" not in page.by_id("decision").text


def test_limits_rules_and_the_way_to_repeat_it_are_given(page: Element) -> None:
    """Without them the page would have to be believed."""
    report = every_verdict()
    assert report.limits.ko in page.by_id("limits").text
    assert report.limits.en in page.by_id("limits").text
    assert report.rules_digest in page.by_id("rules").text
    repeating = page.by_id("repeating").text
    assert REPRODUCTION.command in repeating
    assert "numpy 0.0.0" in repeating


def test_a_report_under_other_rules_is_refused() -> None:
    """The page would print thresholds that decided nothing."""
    report = msgspec.structs.replace(every_verdict(), rules_digest="sha256:00")
    with pytest.raises(InvalidInput):
        _render(report)


def test_every_text_stands_in_both_languages(page: Element) -> None:
    """The switch must not leave a hole in either language."""
    (body,) = page.find_all("body")
    for element in body.walk():
        tagged = [
            child.attributes["lang"]
            for child in element.children
            if "lang" in child.attributes and child.attributes.get("class") != "always"
        ]
        assert tagged == ["ko", "en"] * (len(tagged) // 2), element.text
    english = [e.text for e in body.walk() if e.attributes.get("lang") == "en"]
    assert [text for text in english if HANGUL.search(text)] == []
    assert [text for text in english if not text] == []


def test_names_like_scripts_do_no_harm() -> None:
    """Names of models, components, tensors and paths come from anyone."""
    component = msgspec.structs.replace(
        part("text_decoder", LineageVerdict.REFER),
        name=HOSTILE,
        untested=(f"{HOSTILE}: {HOSTILE}", HOSTILE),
        reason=Text(HOSTILE, HOSTILE),
    )
    report = msgspec.structs.replace(
        comparison(component), candidate=HOSTILE, reference=HOSTILE
    )
    made = msgspec.structs.replace(REPRODUCTION, command=HOSTILE)
    page = parse(_render(report, made))
    assert len(page.find_all("script")) == 1
    assert page.by_id("decision-title").text.count(HOSTILE) == 2
    assert [k for e in page.walk() for k in e.attributes if k[:2] == "on"] == []


def test_the_page_loads_nothing_and_every_link_stays_on_it(
    html: str, page: Element
) -> None:
    """A reader of a verdict is nobody's audience."""
    links = [e.attributes["href"] for e in page.walk() if "href" in e.attributes]
    ids = [e.attributes["id"] for e in page.walk() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links} <= set(ids)
    assert {link[0] for link in links} == {"#"}
    assert [e for e in page.walk() if "src" in e.attributes] == []
    assert [e for e in page.walk() if "style" in e.attributes] == []
    assert re.findall(r"https?:|url\(|@import", html) == []


def test_every_figure_names_and_describes_itself(page: Element) -> None:
    """Who cannot see the figure must learn what it shows."""
    figures = [e for e in page.find_all("svg") if e.attributes.get("role") == "img"]
    assert len(figures) > 20
    for figure in figures:
        title, description = figure.children[:2]
        assert (title.name, description.name) == ("title", "desc")
        assert title.text
        assert HANGUL.search(description.text)


def test_a_comparison_of_96_layers_stays_below_a_megabyte_and_a_half() -> None:
    """The page has to fit into a mail."""
    html = _render(large())
    assert len(html.encode()) < 1_000_000
    assert len([e for e in parse(html).walk() if e.name == "rect"]) > 4 * 96


def test_a_comparison_without_components_says_so() -> None:
    """Two models that share no component are not cleared by that."""
    page = parse(_render(comparison()))
    head = page.by_id("decision").text
    assert "시험 불가 Untestable" in head
    assert "nothing was compared" in head


def test_equal_reports_give_equal_pages(html: str) -> None:
    """The digest of a page means something only if the page repeats."""
    assert _render(every_verdict()) == html
