"""`dokja schedule`: the programme's dates in versions, and consultations about them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dokja.cli.desk import act_at_desk, opened_desk, request_in
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
def set_(file: Path, **given: Any) -> None:
    """Set the dates in FILE as a new version; a change names reason and notice."""
    from dokja.programme.schedule import ScheduleSet
    from dokja.wiring.schedules import new_version

    dates, seen = request_in(file, ScheduleSet), given["seen"]
    act_at_desk(given, lambda d, m: new_version(d, dates, seen=seen, mandate=m))


@schedule.command()
@_consultation
@click.argument("file", type=_file)
@mandate_options
@json_option
def propose(consultation: str, file: Path, **given: Any) -> None:
    """Ask the teams about the change in FILE before it is made."""
    from dokja.programme.schedule import Proposed
    from dokja.wiring.schedules import new_consultation

    change = request_in(file, Proposed)
    act_at_desk(
        given, lambda d, m: new_consultation(d, consultation, change, mandate=m)
    )


@schedule.command()
@_consultation
@click.option(
    "--stance", type=click.Choice(["consent", "dissent", "no_view"]), required=True
)
@click.option("--text", default="", help="Why; dissent needs it.")
@mandate_options
@seen_option
@json_option
def answer(consultation: str, *, stance: str, text: str, **given: Any) -> None:
    """What the team named by --by says to a proposed change."""
    from dokja.programme.schedule import Answered, Stance
    from dokja.wiring.schedules import answer_of

    reply = Answered(team=given["by"], stance=Stance(stance), text=text)
    seen = given["seen"]
    act_at_desk(
        given, lambda d, m: answer_of(d, consultation, reply, seen=seen, mandate=m)
    )


@schedule.command()
@_consultation
@click.option("--drop", is_flag=True, help="Drop the change instead of making it.")
@click.option("--ko", default="", help="Answer to dissent, or why it is dropped.")
@click.option("--en", default="", help="The same in English.")
@mandate_options
@seen_option
@json_option
def settle(consultation: str, *, drop: bool, ko: str, en: str, **given: Any) -> None:
    """Adopt the change, once every team replied or the days are over, or drop it."""
    from dokja.wiring.schedules import outcome_of, settlement_of

    outcome, seen = outcome_of(drop=drop, ko=ko, en=en), given["seen"]
    act_at_desk(
        given,
        lambda d, m: settlement_of(d, consultation, outcome, seen=seen, mandate=m),
    )
