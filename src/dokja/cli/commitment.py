"""`dokja commitment`: what teams promised, what was measured of it, where it stands."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dokja.cli.commitment_probe import probe, verify
from dokja.cli.desk import act_at_desk, opened_desk, request_in
from dokja.cli.options import (
    desk_options,
    json_option,
    lang_option,
    mandate_options,
    seen_option,
)

if TYPE_CHECKING:
    from dokja.commitment import Commitment
    from dokja.evidence.values import Act
    from dokja.programme.matters import Mandate
    from dokja.wiring.matter_desk import MatterDesk

_name = click.argument("name")
_file = click.argument(
    "file", type=click.Path(dir_okay=False, exists=True, path_type=Path)
)


@click.group()
def commitment() -> None:
    """The register of promises: entered, changed, measured, judged, taken back."""


commitment.add_command(probe)
commitment.add_command(verify)
_day = click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="Day to judge by.  [default: today]"
)
_team = click.option("--team", help="Only this team's.")


@commitment.command("list")
@_day
@_team
@desk_options
@json_option
@lang_option
def list_(*, lang: str, **given: Any) -> None:
    """One line for every commitment: where it stands, and what is due next."""
    found = _read(**given)
    if found is None:
        return
    from dokja.cli.commitment_view import list_commitments

    list_commitments(found, lang=lang)


@commitment.command()
@_day
@_team
@desk_options
@json_option
@lang_option
def show(*, lang: str, **given: Any) -> None:
    """Every commitment in full: promise, target, findings, status, measurements."""
    found = _read(**given)
    if found is None:
        return
    from dokja.cli.commitment_view import show_commitments

    show_commitments(found, lang=lang)


@commitment.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, exists=True))
@mandate_options
@json_option
def load(file: str | None, **given: Any) -> None:
    """Enter every promise that FILE lists, all or none.

    Without FILE, the list that lies beside the programme's rulebook.
    """
    from dokja.commitment.listed import CommitmentList, promises_in
    from dokja.evidence.canonical import canonical_bytes
    from dokja.wiring.commitments import new_commitments, shipped_list

    place = Path(file) if file else shipped_list(given["programme"])
    promises = promises_in(request_in(place, CommitmentList), where=str(place))
    with opened_desk(given["programme"], given["work"]) as desk:
        mandate = desk.mandate(given["by"], given["clause"])
        acts = new_commitments(desk, promises, mandate=mandate)
        if not given["dry_run"]:
            desk.file(acts)
    if given["as_json"]:
        click.echo(canonical_bytes({"acts": acts}))
        return
    done = " (dry run)" if given["dry_run"] else ""
    click.echo("\n".join(f"{act.kind} {act.subject}{done}" for act in acts))


@commitment.command("register")
@_name
@_file
@mandate_options
@json_option
def register_(name: str, file: Path, **given: Any) -> None:
    """Enter the promise in FILE under NAME: text, target, source, rule, due."""
    from dokja.commitment import Promised
    from dokja.wiring.commitments import new_commitment

    promise = request_in(file, Promised)
    act_at_desk(given, lambda d, m: new_commitment(d, name, promise, mandate=m))


@commitment.command()
@_name
@_file
@mandate_options
@seen_option
@json_option
def amend(name: str, file: Path, **given: Any) -> None:
    """The promise was changed in public, as FILE says; the first words stay."""
    from dokja.commitment.values import PromiseAmended

    _happened(name, request_in(file, PromiseAmended), given)


@commitment.command()
@_name
@_file
@mandate_options
@seen_option
@json_option
def measure(name: str, file: Path, **given: Any) -> None:
    """Put what was measured, in FILE, on record: figures with interval and source."""
    from dokja.commitment.values import Measured

    _happened(name, request_in(file, Measured), given)


@commitment.command()
@_name
@_file
@mandate_options
@seen_option
@json_option
def judge(name: str, file: Path, **given: Any) -> None:
    """Somebody says, in FILE, whether it was kept, where no number can."""
    from dokja.commitment.values import Judged

    _happened(name, request_in(file, Judged), given)


@commitment.command()
@_name
@_file
@mandate_options
@seen_option
@json_option
def withdraw(name: str, file: Path, **given: Any) -> None:
    """The promise was taken back in public, as FILE says."""
    from dokja.commitment.values import PromiseWithdrawn

    _happened(name, request_in(file, PromiseWithdrawn), given)


def _happened(name: str, event: Any, given: dict[str, Any]) -> None:
    from dokja.wiring.commitments import commitment_event

    def act(desk: MatterDesk, mandate: Mandate) -> Act:
        seen = given["seen"]
        return commitment_event(desk, name, event, seen=seen, mandate=mandate)

    act_at_desk(given, act)


def _read(
    *, on: datetime | None, team: str | None, programme: str, work: Path, as_json: bool
) -> list[Commitment] | None:
    """The commitments to print; None where they were printed as JSON."""
    from dokja.evidence.canonical import canonical_bytes
    from dokja.wiring.commitments import read_commitments

    with opened_desk(programme, work) as desk:
        day = None if on is None else on.date()
        found = [c for c in read_commitments(desk, on=day) if team in (None, c.team)]
    if not as_json:
        return found
    click.echo(canonical_bytes({"commitments": found}))
    return None
