"""How what was filled in becomes acts of support: as on the command line."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence

from dokja.errors import Unavailable
from dokja.evidence.values import Act, Text
from dokja.programme.matters import Matter
from dokja.support.data.assets import ASSET, asset_matter
from dokja.support.gpu.book import book_matter
from dokja.support.gpu.pool import POOL, pool_matter
from dokja.support.money.figures import FIGURE, figure_matter
from dokja.support.money.grants import GRANT, grant_matter
from dokja.support.money.ledger import ledger_matter
from dokja.support.money.values import AccountKind
from dokja.support.requests import next_acts
from dokja.support.terms import terms_of
from dokja.support.words import won
from dokja.web.acts import Asked, FieldKind, FieldWords
from dokja.wiring.after_decision import desk_of_office
from dokja.wiring.office import Office
from dokja.wiring.support import (
    SupportRecord,
    support_acts,
    support_page,
    support_record,
)

_MATTERS: dict[str, Callable[[str, str], Matter]] = {
    ASSET: asset_matter,
    FIGURE: figure_matter,
    GRANT: grant_matter,
    POOL: pool_matter,
}


def record_of(office: Office) -> SupportRecord:
    """Support as the office's record has it now. Raises: NotAllowed."""
    return support_record(desk_of_office(office))


def recorded(office: Office, asked: Asked) -> Sequence[Act]:
    """The acts that follow from a request on the matter it is about."""
    return recorded_of(office, asked, matter_in(asked.of))


def recorded_of(office: Office, asked: Asked, subject: str) -> Sequence[Act]:
    """The same, where the request itself says what it is about."""
    desk = desk_of_office(office)
    return next_acts(
        support_acts(desk),
        subject or None,
        asked.event,
        terms=terms_of(desk.rulebook),
        mandate=asked.mandate,
        seen=asked.seen,
    )


def matter_in(of: str) -> str:
    """Id of the matter in what a page named: before the thing within it, if any."""
    return of.partition("/")[0]


def part_in(of: str) -> str:
    """Id of the incident or milestone that a page named within a matter."""
    return of.partition("/")[2]


def entries_of(kind: str) -> Callable[[Office, str], int]:
    """How many entries a matter of the kind has, by what a page named.

    What it makes raises: Unavailable for one that is not on record.
    """

    def count(office: Office, of: str) -> int:
        desk, name = desk_of_office(office), matter_in(of)
        history = desk.history(_MATTERS[kind](desk.programme, name))
        is_there = bool(history) or (
            kind == POOL and name in record_of(office).book.pools
        )
        if name and not is_there:
            raise Unavailable(
                f"there is no {kind} {name}", remedy="name one that is on record"
            )
        return len(history)

    return count


def book_entries(office: Office, _: str) -> int:
    """How many entries the book of GPUs has."""
    desk = desk_of_office(office)
    return len(desk.history(book_matter(desk.programme)))


def ledger_entries(office: Office, _: str) -> int:
    """How many entries the ledger has."""
    desk = desk_of_office(office)
    return len(desk.history(ledger_matter(desk.programme)))


def page_of(kind: str) -> Callable[[str], str]:
    """Address of the page of a matter of the kind, by what a page named."""

    def back(of: str) -> str:
        name = matter_in(of)
        return support_page(kind, name) if name else "/support"

    return back


def to_overview(_: str) -> str:
    """Address of the overview."""
    return "/support"


def to_ledger(_: str) -> str:
    """Address of the ledger."""
    return "/support/ledger"


def part_named(field: str) -> Callable[[Office, str], dict[str, str]]:
    """The thing that a page named, in the field that asks for it."""
    return lambda _, of: {field: part_in(of)}


def source_words(prefix: str) -> dict[str, FieldWords]:
    """What the fields of a source are called, under the prefix of its path."""
    return {
        f"{prefix}source.name": FieldWords(
            name=Text("근거 자료", "Source"),
            hint=Text("예: 공고 제2026-12호", "Such as notice 2026-12"),
        ),
        f"{prefix}source.on": FieldWords(
            name=Text("근거 자료의 날짜", "Day of the source")
        ),
    }


def begins_and_ends(prefix: str) -> dict[str, FieldWords]:
    """What the two ends of a time are called, under the prefix of its path."""
    return {
        f"{prefix}begins": FieldWords(
            name=Text("시작", "Begins"), kind=FieldKind.MOMENT
        ),
        f"{prefix}ends": FieldWords(
            name=Text("끝(이 시각은 포함하지 않음)", "Ends, this moment not included"),
            kind=FieldKind.MOMENT,
        ),
    }


def accounts(office: Office, kinds: Container[AccountKind]) -> dict[str, Text]:
    """Accounts of the ledger of these kinds, with what they hold."""
    return {
        each.account.id: Text(
            f"{each.account.name.ko} · {won(each.krw).ko}",
            f"{each.account.name.en} · {won(each.krw).en}",
        )
        for each in record_of(office).overview.accounts
        if each.account.kind in kinds
    }


def team_names(teams: Iterable[str]) -> dict[str, Text]:
    """Teams as choices."""
    return {team: Text(team, team) for team in teams}
