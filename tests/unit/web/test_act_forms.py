"""Forms of acts: what they ask for, and what was filled in, read back."""

from __future__ import annotations

from datetime import timedelta, timezone
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from starlette.datastructures import FormData

from dokja.commitment.values import CountRule, Promised, Reporter
from dokja.decision.after.values import Admitted, ObjectionUpheld
from dokja.errors import InvalidInput
from dokja.evidence.toml_text import toml_of, toml_values
from dokja.evidence.values import Text
from dokja.programme.schedule.values import Source
from dokja.web.acts.answers import answers_of
from dokja.web.acts.begun import begun_with, local_moment
from dokja.web.acts.fields import FieldKind, FieldWords, fields_of
from dokja.web.visit import Visit

KOREA = timezone(timedelta(hours=9))
WORDS = {"team": FieldWords(name=Text(ko="팀", en="team"))}


def _visit(**sent: str) -> Any:
    visit = Visit.__new__(Visit)
    visit.request = SimpleNamespace(state=SimpleNamespace(form=FormData(sent)))  # type: ignore[assignment]
    visit.language = "en"
    return visit


def _answered(kind: type[msgspec.Struct], **sent: str) -> Any:
    visit = _visit(**{name.replace("__", "."): value for name, value in sent.items()})
    return answers_of(visit, fields_of(kind, WORDS), kind, zone=KOREA)


def test_a_form_asks_for_what_the_act_takes() -> None:
    """Structs within are asked for field by field, unions of them as a document."""
    asked = {f.path: (f.kind, f.required) for f in fields_of(Promised, WORDS)}
    assert asked == {
        "team": (FieldKind.LINE, True),
        "text": (FieldKind.BOTH_LANGUAGES, True),
        "target": (FieldKind.BOTH_LANGUAGES, True),
        "source.publisher": (FieldKind.LINE, True),
        "source.on": (FieldKind.LINE, True),
        "source.title": (FieldKind.LINE, False),
        "rule": (FieldKind.DOCUMENT, True),
        "reporter": (FieldKind.CHOICE, True),
        "due": (FieldKind.LINE, False),
        "reading": (FieldKind.BOTH_LANGUAGES, False),
    }


def test_what_was_filled_in_is_read_back_exactly() -> None:
    """Each kind of field comes back as its type."""
    found = _answered(
        Promised,
        team="haneul",
        text__ko="서비스를 엽니다",
        target__ko="천만 명",
        target__en="ten million people",
        source__publisher="haneul",
        source__on="2026-01-05",
        rule='measure = "count"\nat_least = 1e7\nunit = "people"',
        reporter="team",
    )
    assert found.rule == CountRule(at_least=1e7, unit="people")
    assert found.text == Text(ko="서비스를 엽니다", en="서비스를 엽니다")
    assert found.reporter is Reporter.TEAM
    assert found.due is None


def test_lines_become_a_row() -> None:
    """One name a line; empty lines and spaces around do not count."""
    found = _answered(Admitted, reviewers="r1\n\n  r2  \n")
    assert found.reviewers == ("r1", "r2")


@pytest.mark.parametrize(
    ("sent", "names"),
    [
        ({"reason__ko": "맞음", "corrected": "x"}, "corrected"),
        ({"corrected": "sha256:" + "0" * 64}, "reason"),
    ],
)
def test_what_is_wrong_is_named(sent: dict[str, str], names: str) -> None:
    """A field that is missing or malformed is named."""
    with pytest.raises(InvalidInput, match=names):
        _answered(ObjectionUpheld, **sent)


def test_a_document_that_is_none_names_its_field() -> None:
    """Text that is no TOML is refused under the name of its field."""
    with pytest.raises(InvalidInput, match="rule"):
        _answered(Promised, rule="measure = ")


def test_nobody_can_send_a_field_that_is_not_asked_for() -> None:
    """What the form does not ask for is not read, the tag least of all."""
    found = _answered(Admitted, reviewers="r1", what="upheld", seen="3")
    assert isinstance(found, Admitted)


def test_what_is_known_already_stands_in_the_form() -> None:
    """A struct filled in and sent as it stands is the struct again."""
    known = Promised(
        team="haneul",
        text=Text(ko="‘서비스’를\n엽니다", en="a service"),
        target=Text(ko="천만 명", en="ten million people"),
        source=Source(publisher="haneul", on="2026-01-05", title='a "title" \\ more'),
        rule=CountRule(at_least=1e7, unit="people"),
        reporter=Reporter.TEAM,
    )
    sent = begun_with(known, WORDS, zone=KOREA)
    fields = fields_of(Promised, WORDS)
    assert answers_of(_visit(**sent), fields, Promised, zone=KOREA) == known


def test_a_moment_is_shown_in_the_zone_it_is_read_in() -> None:
    """What stands in the field means the same moment when it is sent."""
    shown = local_moment("2031-03-03T00:00:00+00:00", KOREA)
    assert shown == "2031-03-03T09:00"


DOCUMENTS: tuple[dict[str, Any], ...] = (
    {"a": "b", "n": 3, "is": True, "share": Decimal("0.60"), "row": ["x", 'y"\x7f']},
    {"rows": [{"id": "a b", "text": {"ko": "가", "en": "a"}, "in": [{"x": 1}]}]},
    {"table": {"names": [], "ties": [{"left": "e1", "키": "값"}]}, "empty": {}},
)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_is_read_back_as_it_was(document: dict[str, Any]) -> None:
    """Whatever the writer writes, the reader reads."""
    assert toml_values(toml_of(document)) == document
