"""The pages of an act: first what it does and asks, then, confirmed, on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.exceptions import HTTPException

from dokja.errors import Conflict, DokjaError, Unavailable
from dokja.evidence.values import Act, Text
from dokja.people import require
from dokja.people.values import Account, AuditOutcome, Role
from dokja.web.acts.answers import answers_of
from dokja.web.acts.fields import (
    MOST_ROWS,
    Choice,
    FieldKind,
    FormField,
    in_row,
)
from dokja.web.acts.office_act import Asked, Choices, OfficeAct
from dokja.web.acts.preview import ShownPreview, to_be_shown
from dokja.web.entry import Visitor
from dokja.web.forms import missing_reason, require_confirmed
from dokja.web.pages import Onward, Page, Room
from dokja.web.refusals import Refusal, refusal_of
from dokja.web.visit import Visit
from dokja.wiring.after_decision import desk_of_office
from dokja.wiring.office import Office

LONGEST_REASON = 2000
SPARE = 2
"""Empty rows to begin with, and each time more are asked for."""


class ClauseChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A clause that an act can be taken under."""

    number: str
    title: Text
    text: Text


class ActForm(msgspec.Struct, frozen=True, kw_only=True):
    """An act before it is taken."""

    id: str
    of: str
    name: Text
    does: Text
    fields: tuple[FormField, ...]
    clauses: tuple[ClauseChoice, ...]
    clause: str
    """The one that is chosen to begin with."""
    seen: int | None
    takes_reason: bool
    """Whether a reason can be given beside; not where the act itself asks for one."""
    asks_reason: bool
    reason_ko: str
    reason_en: str
    is_final: bool
    back: str
    previews: bool
    """Whether what would follow is shown before the act can be confirmed."""
    preview: ShownPreview | None = None
    refused: Refusal | None = None
    """Why it was not taken as it was sent; what was entered still stands in it."""


class ActLink(msgspec.Struct, frozen=True, kw_only=True):
    """An act that a page offers to whoever may take it."""

    path: str
    name: Text
    does: Text


def acts_room(acts: Mapping[str, OfficeAct]) -> Room:
    """The pages of these acts, at /acts/<id>?of=<matter>."""
    room = Room()

    @room.page("/acts/{act}")
    def ask(visit: Visitor, act: str, of: str = "") -> Page:
        """What the act does, what it asks for, and under which clauses."""
        found = _act(acts, act)
        _require(visit, found, of)
        with _or_no_such_page():
            begun = found.starts_with(visit.office, of) if found.starts_with else {}
            view = _form(visit, act, found, of, begun)
        return Page(template="acts/form.html", title=found.name, view=view)

    @room.act("/acts/{act}")
    def take(visit: Visitor, act: str) -> Page | Onward:
        """Takes the act, once it was confirmed; else shows why not, nothing lost."""
        found, of = _act(acts, act), visit.sent("of")
        _require(visit, found, of)
        if visit.sent("more"):
            return _looked_at(visit, act, found)
        try:
            asked = _asked(visit, found, of)
            shown = to_be_shown(visit, found, asked)
            if shown is not None:
                return _looked_at(visit, act, found, shown)
            filed = _taken(visit, found, asked)
        except DokjaError as error:
            return _once_more(visit, act, found, error)
        visit.note(filed[0].kind, filed[0].subject)
        visit.is_on_record()
        return Onward(to=found.back(of))

    return room


def links_to(
    acts: Mapping[str, OfficeAct], names: Sequence[str], *, of: str = ""
) -> tuple[ActLink, ...]:
    """The ways from a page to these acts on one matter."""
    return tuple(
        ActLink(
            path=f"/acts/{name}?{urlencode({'of': of})}" if of else f"/acts/{name}",
            name=acts[name].name,
            does=acts[name].does,
        )
        for name in names
    )


@contextmanager
def _or_no_such_page() -> Iterator[None]:
    """Nothing. Refuses an address that names a matter there is not."""
    try:
        yield
    except Unavailable as error:
        raise HTTPException(404) from error


def _form(
    visit: Visit, name: str, act: OfficeAct, of: str, begun: Mapping[str, str]
) -> ActForm:
    office = visit.office
    clauses = _clauses(office, act)
    choices = act.choices(office, of) if act.choices else {}
    return ActForm(
        id=name,
        of=of,
        name=act.name,
        does=act.does,
        fields=tuple(
            _standing(_offered(field, choices), begun, _spare(visit, field))
            for field in act.fields
        ),
        clauses=clauses,
        clause=begun.get("clause") or clauses[0].number,
        seen=None if act.entries is None else act.entries(office, of),
        takes_reason=all(not f.path.endswith("reason") for f in act.fields),
        asks_reason=act.asks_reason,
        reason_ko=begun.get("why.ko", ""),
        reason_en=begun.get("why.en", ""),
        is_final=act.is_final,
        previews=act.preview is not None,
        back=act.back(of),
    )


def _require(visit: Visit, act: OfficeAct, of: str) -> None:
    """Nothing. Raises: NotAllowed for a role that may not, and for another's thing."""
    whose = act.whose(of) if act.whose else ""
    require(visit.account, act.permission, of=whose)


def _offered(field: FormField, choices: Choices, within: str = "") -> FormField:
    """The field as a choice where the record knows what can be meant.

    A column of rows is named by the path of the rows and its own.
    """
    path = f"{within}{field.path}"
    if path not in choices:
        columns = tuple(_offered(c, choices, f"{path}.") for c in field.columns)
        return msgspec.structs.replace(field, columns=columns)
    return msgspec.structs.replace(
        field,
        kind=FieldKind.CHOICE,
        choices=tuple(
            Choice(value=value, name=name) for value, name in choices[path].items()
        ),
    )


def _standing(field: FormField, begun: Mapping[str, str], spare: int) -> FormField:
    """The field with what stands in it, rows with as many empty ones besides."""
    if field.kind is FieldKind.ROWS:
        there = max((_number(name, field.path) for name in begun), default=0) + spare
        return msgspec.structs.replace(
            field,
            rows=tuple(
                tuple(
                    _standing(in_row(column, field.path, number), begun, 0)
                    for column in field.columns
                )
                for number in range(min(max(there, 1), MOST_ROWS))
            ),
        )
    return msgspec.structs.replace(
        field,
        value=begun.get(field.path) or begun.get(f"{field.path}.ko", ""),
        english=begun.get(f"{field.path}.en", ""),
    )


def _number(name: str, rows: str) -> int:
    """Which row a field of the form stands in, from 1; 0 for none of these rows."""
    found = name.removeprefix(f"{rows}.").partition(".")[0]
    inside = name.startswith(f"{rows}.") and found.isdecimal() and len(found) < 4
    return int(found) + 1 if inside else 0


def _spare(visit: Visit, field: FormField) -> int:
    """Empty rows besides those that stand in the form."""
    if visit.request.method != "POST":
        return SPARE
    return SPARE if visit.sent("more") == field.path else 0


def _once_more(visit: Visit, name: str, act: OfficeAct, error: DokjaError) -> Page:
    """The form with what was entered, and why it was not taken.

    After a conflict it counts what was added as read: the page says so.
    """
    visit.note(f"take {name}", visit.sent("of"), outcome=AuditOutcome.REFUSED)
    refused = refusal_of(error, visit)
    return _as_sent(visit, name, act, status=refused.status, refused=refused)


def _looked_at(
    visit: Visit, name: str, act: OfficeAct, shown: ShownPreview | None = None
) -> Page:
    """The form with what would follow from it, or with more rows; nothing is taken."""
    visit.note(f"look at {name}", visit.sent("of"))
    return _as_sent(visit, name, act, preview=shown)


def _as_sent(
    visit: Visit, name: str, act: OfficeAct, *, status: int = 200, **more: Any
) -> Page:
    """The form with all that was entered, and what is to be said about it."""
    with _or_no_such_page():
        form = _form(visit, name, act, visit.sent("of"), visit.sent_fields())
    view = msgspec.structs.replace(form, **more)
    return Page(template="acts/form.html", title=act.name, view=view, status=status)


def _asked(visit: Visit, act: OfficeAct, of: str) -> Asked:
    """What was filled in. Raises: InvalidInput."""
    office = visit.office
    seen = _seen(visit, act, of)
    reason = _reason(visit, act)
    return Asked(
        of=of,
        event=answers_of(visit, act.fields, act.asks, zone=office.now().tzinfo),
        seen=seen,
        mandate=desk_of_office(office).mandate(
            _signer(visit), visit.sent("clause"), reason
        ),
    )


def _taken(visit: Visit, act: OfficeAct, asked: Asked) -> tuple[Act, ...]:
    require_confirmed(visit, "act")
    made = act.make(visit.office, asked)
    filed = (made,) if isinstance(made, Act) else tuple(made)
    desk_of_office(visit.office).file(filed)
    return filed


def _seen(visit: Visit, act: OfficeAct, of: str) -> int | None:
    """Entries that were shown with the form.

    Raises: Conflict where there are more by now, before anything else is refused:
    whoever acts on an old page is told what is new, not that it is not its turn.
    """
    sent = visit.sent("seen")
    if act.entries is None or not sent.isdecimal():
        return None
    seen, there = int(sent), act.entries(visit.office, of)
    if seen != there:
        raise Conflict(
            f"there are {there} entries, and you have read {seen}",
            remedy="read what was added, then act again",
            korean=f"그사이 기록이 {seen}건에서 {there}건으로 바뀌었습니다.",
        )
    return seen


def _signer(visit: Visit) -> str:
    """Who acts: an officer under a pseudonym, a team under its own name."""
    account = visit.account
    assert isinstance(account, Account), "a permission was required"
    return account.subject if account.role is Role.TEAM else account.pseudonym


def _reason(visit: Visit, act: OfficeAct) -> Text | None:
    korean = visit.sent("why.ko")[:LONGEST_REASON]
    english = visit.sent("why.en")[:LONGEST_REASON]
    if korean or english:
        return Text(ko=korean or english, en=english or korean)
    if act.asks_reason:
        raise missing_reason("act")
    return None


def _clauses(office: Office, act: OfficeAct) -> tuple[ClauseChoice, ...]:
    """Clauses that govern the act; every one where the rulebook names none for it."""
    known = office.rulebook.clauses
    own = tuple(c for c in known if not set(act.topics).isdisjoint(c.governs))
    return tuple(
        ClauseChoice(number=c.number, title=c.title, text=c.text) for c in own or known
    )


def _act(acts: Mapping[str, OfficeAct], name: str) -> OfficeAct:
    if name not in acts:
        raise HTTPException(404)
    return acts[name]
