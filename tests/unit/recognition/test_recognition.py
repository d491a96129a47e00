"""What outsiders say: a fact with a date, corrected by acts, and read by no score."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from dokja.cli import commands
from dokja.errors import InvalidInput, NotAllowed, Unavailable
from dokja.evidence.values import Act, Text
from dokja.programme.matters import Mandate
from dokja.recognition import (
    IndexValue,
    Listing,
    RecognitionState,
    Recorded,
    difference,
    recognition_act,
    recognition_matter,
    recognition_of,
    series,
)
from dokja.recognition.values import (
    FactCorrected,
    RecognitionEvent,
    RecognitionFile,
    Reported,
    TakenOff,
)
from tests.unit.house.repository import ROOT

MANDATE = Mandate(by="officer", at="2026-02-01T09:00:00+09:00", clause="4.5")
WORDS = Text("사유", "reason")
SOURCE = Reported(publisher="A Paper", on="2026-01-15")
MATTER = recognition_matter("p", "one")
SHIPPED = ROOT / "programmes/k-ai/recognition.toml"
SCORING = (
    "benchmark",
    "contest",
    "panel",
    "independence",
    "standing",
    "decision",
    "stage",
)
"""Packages between a measurement and the decision."""


def value(points: str, version: str | None = "4.0", **more: Any) -> IndexValue:
    """A value of an invented index."""
    given: dict[str, Any] = {"team": "alpha", "body": "Body", "index": "Index"}
    given |= {"source": SOURCE, "version": version, "value": Decimal(points)}
    return IndexValue(**given | more)


def happened(*events: RecognitionEvent, matter: Any = MATTER) -> list[Act]:
    """The acts of a fact."""
    acts: list[Act] = []
    for event in events:
        seen = len(acts)
        acts.append(recognition_act(matter, acts, event, seen=seen, mandate=MANDATE))
    return acts


def test_a_fact_keeps_what_it_was_when_it_is_corrected_or_taken_off() -> None:
    """Nothing is overwritten, and what was taken off does not come back."""
    first, second = value("32"), value("33")
    acts = happened(Recorded(fact=first), FactCorrected(fact=second, reason=WORDS))
    found = recognition_of(MATTER, acts)
    assert (found.fact, found.earlier) == (second, (first,))
    assert found.state is RecognitionState.CORRECTED
    left = TakenOff(reason=WORDS, source=SOURCE, on="2026-02")
    gone = happened(Recorded(fact=first), left)
    assert recognition_of(MATTER, gone).state is RecognitionState.TAKEN_OFF
    assert series([recognition_of(MATTER, gone)]) == ()
    again = FactCorrected(fact=second, reason=WORDS)
    with pytest.raises(NotAllowed, match="taken off"):
        recognition_act(MATTER, gone, again, seen=2, mandate=MANDATE)


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ((Recorded(fact=value("NaN")),), "no value"),
        ((Recorded(fact=value("1", rank=2)),), "among"),
        ((Recorded(fact=value("1")), Recorded(fact=value("2"))), "on record"),
        ((FactCorrected(fact=value("2"), reason=WORDS),), "no fact"),
        (
            (
                Recorded(fact=value("1")),
                FactCorrected(fact=value("1", team="beta"), reason=WORDS),
            ),
            "about alpha",
        ),
    ],
)
def test_what_is_no_fact_is_refused(
    events: tuple[RecognitionEvent, ...], said: str
) -> None:
    """A number that is none, a rank of nothing, a second first, another's fact."""
    with pytest.raises((InvalidInput, NotAllowed, Unavailable), match=said):
        happened(*events)


def test_values_of_two_versions_are_never_held_side_by_side() -> None:
    """An index counts differently in each, and nobody knows how in an unknown one.

    Two unknown versions need not be the same one.
    """
    facts = {
        "a": value("30"),
        "b": value("32", team="beta"),
        "c": value("50", version="4.1"),
        "d": value("31", version=None),
        "e": value("31", version=None, team="beta"),
    }
    known = []
    for name, fact in facts.items():
        matter = recognition_matter("p", name)
        acts = happened(Recorded(fact=fact), matter=matter)
        known.append(recognition_of(matter, acts))
    groups = [[r.id for r in group.values] for group in series(known)]
    assert sorted(groups) == [["b", "a"], ["c"], ["d"], ["e"]]
    assert difference(facts["b"], facts["a"]) == Decimal(2)
    for one, other in (("c", "a"), ("d", "a"), ("e", "d")):
        with pytest.raises(NotAllowed, match="cannot be compared"):
            difference(facts[one], facts[other])


def test_no_standing_reads_recognition() -> None:
    """No module between a measurement and the decision names it or its kind of act."""
    for package in SCORING:
        for path in (ROOT / "src/dokja" / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert "dokja.recognition" not in text, path
            assert '"recognition"' not in text, path


def test_the_shipped_facts_have_date_and_source_and_say_what_is_unknown() -> None:
    """Five listings by recognition, one value whose version nobody reported."""
    text = SHIPPED.read_text(encoding="utf-8")
    document = tomllib.loads(text, parse_float=Decimal)
    facts = msgspec.convert(document, RecognitionFile).facts.values()
    listings = [fact for fact in facts if isinstance(fact, Listing)]
    teams = {"lg", "skt", "upstage", "naver", "ncai"}
    assert {fact.team for fact in listings} == teams
    assert all("not quality" in fact.rule.en for fact in listings)
    (index,) = (fact for fact in facts if isinstance(fact, IndexValue))
    assert (index.value, index.rank) == (Decimal(32), 7)
    assert index.version is None


def test_an_office_loads_corrects_and_shows_facts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loading twice adds nothing; a fact in other words is corrected by an act."""
    monkeypatch.setenv("COLUMNS", "400")

    def run(*words: object, by: str = "officer") -> Any:
        where = ["--programme", "k-ai", "--work", str(tmp_path / "office")]
        acting = ["--by", by] if by else []
        line = ["recognition", *map(str, words), *acting, *where]
        return CliRunner().invoke(commands, line)

    def file(content: Any) -> Path:
        path = tmp_path / "request.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    assert "dry run" in run("load", SHIPPED, "--dry-run").output
    loaded = json.loads(run("load", SHIPPED, "--json").output)
    assert len(loaded["acts"]) == 6
    assert json.loads(run("load", SHIPPED, "--json").output)["acts"] == []
    name = "artificial-analysis-k-exaone-2026-01"
    shown = json.loads(run("show", "--json", by="").output)
    fact = next(each for each in shown["facts"] if each["id"] == name)["fact"]
    words = {"ko": "확인", "en": "found"}
    new = {"what": "corrected", "fact": fact | {"version": "4.0"}, "reason": words}
    assert run("correct", name, file(new)).exit_code == 0
    source = {"publisher": "Epoch AI", "on": "2026-02"}
    gone = {"what": "taken_off", "reason": words, "source": source}
    assert run("take-off", "epoch-notable-ncai", file(gone)).exit_code == 0
    assert run("record", "another", file(fact | {"team": "skt"})).exit_code == 0
    korean = run("show", "--lang", "ko", by="").output
    assert "정정됨: 확인" in korean
    assert "제외됨: 확인" in korean
    assert "버전 미상" in korean
