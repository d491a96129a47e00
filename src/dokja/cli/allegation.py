"""`dokja allegation`: taken in with its interest, triaged, measured, resolved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from dokja.cli.desk import act_at_desk, opened_desk, request_in
from dokja.cli.options import desk_options, json_option, lang_option, mandate_options

if TYPE_CHECKING:
    from dokja.independence.allegation.values import AllegationEvent

_file = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
_name = click.argument("name", metavar="ID")


class Acting(TypedDict):
    """Options of every command that acts."""

    by: str
    clause: str | None
    reason_ko: str
    reason_en: str
    dry_run: bool
    programme: str
    work: Path
    as_json: bool


@click.group()
def allegation() -> None:
    """Allegations: taken in, triaged, measured, answered, resolved."""


@allegation.command("file")
@_name
@_file
@mandate_options
@json_option
def file_(name: str, file: Path, **acting: Unpack[Acting]) -> None:
    """Take in the allegation in FILE under ID; it says what interest is behind it.

    One without a statement of interest is taken in too, and shown as such.
    """
    from dokja.independence.allegation.values import Received
    from dokja.wiring.allegations import same_as

    received = request_in(file, Received)
    with opened_desk(acting["programme"], acting["work"]) as desk:
        same = same_as(desk, received)
    _act(name, received, acting)
    if same:
        click.echo(f"same as: {', '.join(same)}", err=True)


@allegation.command()
@_name
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--join", metavar="ID", help="The allegation that says the same.")
@mandate_options
@json_option
def triage(
    name: str, file: Path | None, *, join: str | None, **acting: Unpack[Acting]
) -> None:
    """Say in FILE what is to be measured, or join it to another allegation."""
    from dokja.independence.allegation.values import Joined, Triaged

    if file is not None and join is None:
        _act(name, request_in(file, Triaged), acting)
    elif file is None and join is not None:
        _act(name, Joined(to=join), acting)
    else:
        raise click.UsageError("give either FILE or --join")


@allegation.command()
@_name
@_file
@mandate_options
@json_option
def measure(name: str, file: Path, **acting: Unpack[Acting]) -> None:
    """Put what was measured on record; FILE lists facts with their digests."""
    from dokja.independence.allegation.values import Measured

    _act(name, request_in(file, Measured), acting)


@allegation.command()
@_name
@_file
@mandate_options
@json_option
def reply(name: str, file: Path, **acting: Unpack[Acting]) -> None:
    """Put the accused team's answer in FILE on record; --by names the team."""
    from dokja.independence.allegation.values import Replied

    _act(name, request_in(file, Replied), acting)


@allegation.command()
@_name
@_file
@mandate_options
@json_option
def resolve(name: str, file: Path, **acting: Unpack[Acting]) -> None:
    """Resolve it as FILE says: upheld, not_upheld or insufficient, with reasons.

    Upheld needs a measurement that bears it out, and the team's reply or the
    deadline.
    """
    from dokja.independence.allegation.values import Resolved

    _act(name, request_in(file, Resolved), acting)


@allegation.command("list")
@click.option("--public", is_flag=True, help="Only what the public may read.")
@desk_options
@json_option
@lang_option
def list_(
    *, public: bool, programme: str, work: Path, as_json: bool, lang: str
) -> None:
    """Every allegation with its state; one not upheld is public only as resolved."""
    from dokja.evidence.canonical import canonical_bytes
    from dokja.wiring.allegations import read_allegations

    with opened_desk(programme, work) as desk:
        found = read_allegations(desk, public=public)
    if as_json:
        click.echo(canonical_bytes(found))
        return
    from dokja.cli.allegation_view import show_allegations

    show_allegations(found, lang=lang)


def _act(name: str, event: AllegationEvent, acting: Acting) -> None:
    from dokja.programme import Topic
    from dokja.wiring.allegations import allegation_act

    act_at_desk(
        acting,
        lambda d, m: allegation_act(d, name, event, mandate=m),
        topic=Topic.INDEPENDENCE,
    )
