"""`dokja schedule`: the programme's dates in versions, and consultations about them."""

from __future__ import annotations

from pathlib import Path

import click

from dokja.cli.desk import file_or_show, opened_desk, request_in
from dokja.cli.options import (
    desk_options,
    json_option,
    lang_option,
    mandate_options,
    seen_option,
)

_file = click.Path(dir_okay=False, exists=True, path_type=Path)
_consultation = click.argument("consultation")


@click.group()
def schedule() -> None:
    """The programme's dates in versions, and what the teams say to a change."""


@schedule.command()
@desk_options
@json_option
@lang_option
def show(*, programme: str, work: Path, as_json: bool, lang: str) -> None:
    """Every version of the dates with its changes, and every consultation."""
    from dokja.evidence.canonical import canonical_bytes
    from dokja.wiring.schedules import read_schedules

    with opened_desk(programme, work) as desk:
        found = read_schedules(desk)
    if as_json:
        click.echo(canonical_bytes(found))
        return
    from dokja.cli.schedule_view import show_schedules

    show_schedules(found, lang=lang)


@schedule.command("set")
@click.argument("file", type=_file)
@mandate_options
@seen_option
@json_option
def set_(
    file: Path,
    *,
    by: str,
    clause: str,
    seen: int | None,
    dry_run: bool,
    programme: str,
    work: Path,
    as_json: bool,
) -> None:
    """Set the dates in FILE as a new version; a change names reason and notice."""
    from dokja.programme.schedule import ScheduleSet
    from dokja.wiring.schedules import new_version

    given = request_in(file, ScheduleSet)
    with opened_desk(programme, work) as desk:
        act = new_version(desk, given, seen=seen, mandate=desk.mandate(by, clause))
        file_or_show(desk, act, dry_run=dry_run, as_json=as_json)


@schedule.command()
@_consultation
@click.argument("file", type=_file)
@mandate_options
@json_option
def propose(
    consultation: str,
    file: Path,
    *,
    by: str,
    clause: str,
    dry_run: bool,
    programme: str,
    work: Path,
    as_json: bool,
) -> None:
    """Ask the teams about the change in FILE before it is made."""
    from dokja.programme.schedule import Proposed
    from dokja.wiring.schedules import new_consultation

    given = request_in(file, Proposed)
    with opened_desk(programme, work) as desk:
        mandate = desk.mandate(by, clause)
        act = new_consultation(desk, consultation, given, mandate=mandate)
        file_or_show(desk, act, dry_run=dry_run, as_json=as_json)


@schedule.command()
@_consultation
@click.option("--stance", type=click.Choice(["consent", "dissent", "no_view"]))
@click.option("--text", default="", help="Why; dissent needs it.")
@mandate_options
@seen_option
@json_option
def answer(
    consultation: str,
    *,
    stance: str,
    text: str,
    by: str,
    clause: str,
    seen: int | None,
    dry_run: bool,
    programme: str,
    work: Path,
    as_json: bool,
) -> None:
    """What the team named by --by says to a proposed change."""
    from dokja.programme.schedule import Answered, Stance
    from dokja.wiring.schedules import answer_of

    given = Answered(team=by, stance=Stance(stance), text=text)
    with opened_desk(programme, work) as desk:
        mandate = desk.mandate(by, clause)
        act = answer_of(desk, consultation, given, seen=seen, mandate=mandate)
        file_or_show(desk, act, dry_run=dry_run, as_json=as_json)


@schedule.command()
@_consultation
@click.option("--drop", is_flag=True, help="Drop the change instead of making it.")
@click.option("--ko", default="", help="Answer to dissent, or why it is dropped.")
@click.option("--en", default="", help="The same in English.")
@mandate_options
@seen_option
@json_option
def settle(
    consultation: str,
    *,
    drop: bool,
    ko: str,
    en: str,
    by: str,
    clause: str,
    seen: int | None,
    dry_run: bool,
    programme: str,
    work: Path,
    as_json: bool,
) -> None:
    """Adopt the change, once every team replied or the days are over, or drop it."""
    from dokja.wiring.schedules import outcome_of, settlement_of

    outcome = outcome_of(drop=drop, ko=ko, en=en)
    with opened_desk(programme, work) as desk:
        mandate = desk.mandate(by, clause)
        act = settlement_of(desk, consultation, outcome, seen=seen, mandate=mandate)
        file_or_show(desk, act, dry_run=dry_run, as_json=as_json)
