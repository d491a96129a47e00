"""What commands of the office share: the desk opened, an act filed, a file read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dokja.cli.text_file import text_of

if TYPE_CHECKING:
    from dokja.evidence.values import Act
    from dokja.programme import Topic
    from dokja.programme.matters import Mandate
    from dokja.wiring.matter_desk import MatterDesk
    from dokja.wiring.office import Office

T = TypeVar("T")
KOREA = timezone(timedelta(hours=9))
"""Zone in which the office dates its acts: days of records are days there."""


def now() -> datetime:
    """This moment in Korea."""
    return datetime.now(KOREA)


@contextmanager
def opened_desk(programme: str, work: Path) -> Iterator[MatterDesk]:
    """The desk of the programme, whose clock is this machine's in Korean time."""
    from dokja.settings import read_settings
    from dokja.wiring.matter_desk import open_matters

    with open_matters(
        programme, work=work, settings=read_settings(), clock=now
    ) as desk:
        yield desk


@contextmanager
def opened_office(programme: str, stage: str, work: Path) -> Iterator[Office]:
    """The office of a stage, whose clock is this machine's."""
    from dokja.settings import read_settings
    from dokja.wiring.office import OfficeRequest, open_office

    request = OfficeRequest(programme=programme, stage=stage, work=work)
    with open_office(request, settings=read_settings(), clock=now) as office:
        yield office


def mandate_given(
    desk: MatterDesk, given: Mapping[str, Any], topic: Topic | None = None
) -> Mandate:
    """Who acts now and why, under the clause given or the first on the topic.

    `given` holds what `mandate_options` read. Raises: InvalidInput where nobody acts,
    for a reason in one language, and for a clause that the rulebook does not have.
    """
    from dokja.errors import InvalidInput
    from dokja.evidence.values import Text

    if not given["by"]:
        raise InvalidInput("nothing says who acts", remedy="give --by")
    reason = Text(ko=given["reason_ko"], en=given["reason_en"])
    if bool(reason.ko) != bool(reason.en):
        raise InvalidInput(
            "the reason is in one language only",
            remedy="give --reason-ko and --reason-en",
        )
    given_reason = reason if reason.ko else None
    return desk.mandate(given["by"], given["clause"], given_reason, topic=topic)


def act_at_desk(
    given: Mapping[str, Any],
    make: Callable[[MatterDesk, Mandate], Act],
    *,
    topic: Topic | None = None,
) -> None:
    """Nothing; opens the desk, makes the act under the mandate given, and files it.

    `given` holds what `mandate_options` and `json_option` read.
    """
    with opened_desk(given["programme"], given["work"]) as desk:
        act = make(desk, mandate_given(desk, given, topic))
        file_or_show(desk, act, dry_run=given["dry_run"], as_json=given["as_json"])


def acts_at_desk(
    given: Mapping[str, Any],
    make: Callable[[MatterDesk, Mandate], Sequence[Act]],
    *,
    topic: Topic | None = None,
) -> None:
    """Nothing; the same for acts that are filed together, all or none."""
    from dokja.evidence.canonical import canonical_bytes

    with opened_desk(given["programme"], given["work"]) as desk:
        acts = make(desk, mandate_given(desk, given, topic))
        if not given["dry_run"]:
            desk.file(acts)
    if given["as_json"]:
        click.echo(canonical_bytes({"written": not given["dry_run"], "acts": acts}))
        return
    for act in acts:
        tried = " (dry run)" if given["dry_run"] else ""
        click.echo(f"{act.kind} {act.subject}{tried}")


def act_in_office(
    given: Mapping[str, Any],
    make: Callable[[Office, Mandate], Act],
    *,
    topic: Topic | None = None,
) -> None:
    """Nothing; the same in the office of a stage, which `stage_option` names."""
    from dokja.wiring.after_decision import desk_of_office

    with opened_office(given["programme"], given["stage"], given["work"]) as office:
        desk = desk_of_office(office)
        act = make(office, mandate_given(desk, given, topic))
        file_or_show(desk, act, dry_run=given["dry_run"], as_json=given["as_json"])


def file_or_show(desk: MatterDesk, act: Act, *, dry_run: bool, as_json: bool) -> None:
    """Nothing; puts the act on record unless it is only tried, and says which."""
    from dokja.evidence.canonical import canonical_bytes

    if not dry_run:
        desk.file([act])
    if as_json:
        click.echo(canonical_bytes(act))
    else:
        click.echo(f"{act.kind} {act.subject}" + (" (dry run)" if dry_run else ""))


def request_in(file: Path, kind: type[T]) -> T:
    """The TOML or JSON file as a `kind`. Raises: InvalidInput naming what is wrong.

    Numbers with a point are read exactly: points and shares are decimals.
    """
    from dokja.errors import InvalidInput
    from dokja.evidence.canonical import read_as
    from dokja.evidence.toml_text import toml_values

    text = text_of(file)
    try:
        if file.suffix == ".json":
            document = json.loads(text, parse_float=Decimal)
        else:
            document = toml_values(text)
    except ValueError as error:
        raise InvalidInput(
            f"{file} cannot be read: {error}", remedy="correct the place it names"
        ) from error
    return read_as(document, kind, where=file.name)
