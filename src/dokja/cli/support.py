"""`dokja support`: GPUs, data, grants and money of a programme."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from dokja.cli.desk import KOREA, mandate_given, opened_desk, request_in
from dokja.cli.options import (
    desk_options,
    json_option,
    lang_option,
    mandate_options,
    perhaps_mandate_options,
    seen_option,
)

if TYPE_CHECKING:
    from dokja.wiring.matter_desk import MatterDesk

EXIT_ADVERSE = 3
_file = click.Path(dir_okay=False, exists=True, path_type=Path)


@click.group()
def support() -> None:
    """What teams are promised, given and owed: GPUs, data, grants, money."""


@support.command()
@click.argument("file", type=_file)
@click.option("--of", "subject", help="Pool, asset, grant or figure it is about.")
@seen_option
@mandate_options
@json_option
@lang_option
def record(
    file: Path,
    *,
    subject: str | None,
    seen: int | None,
    programme: str,
    work: Path,
    dry_run: bool,
    as_json: bool,
    lang: str,
    **given: Any,
) -> None:
    """Record the act in FILE (TOML or JSON); its `what` says which.

    Outcomes of tests and compensations are computed, not handed in.
    """
    from dokja.support.requests import SupportRequest, next_acts, topic_of
    from dokja.support.terms import terms_of
    from dokja.wiring.support import support_acts

    request: SupportRequest = request_in(file, cast("type[Any]", SupportRequest))
    with opened_desk(programme, work) as desk:
        terms = terms_of(desk.rulebook)
        acts = next_acts(
            support_acts(desk),
            subject,
            request,
            terms=terms,
            mandate=mandate_given(desk, given, topic_of(request)),
            seen=seen,
        )
        if not dry_run:
            desk.file(acts)
    if as_json:
        from dokja.evidence.canonical import canonical_bytes

        click.echo(canonical_bytes({"written": not dry_run, "acts": acts}))
        return
    from dokja.cli.support_view import show_acts

    show_acts(acts, terms=terms, dry_run=dry_run, lang=lang)


@support.command()
@click.argument("file", type=_file)
@click.option("--adopt", is_flag=True, help="Adopt it: from then on it is promised.")
@perhaps_mandate_options
@json_option
@lang_option
def allocate(
    file: Path,
    *,
    adopt: bool,
    programme: str,
    work: Path,
    dry_run: bool,
    as_json: bool,
    lang: str,
    **given: Any,
) -> None:
    """Propose who gets how many GPUs, for the request in FILE.

    Exit code 3 where the rules exclude each other; those are named.
    """
    from dokja.programme import Topic
    from dokja.support.allocation import AllocationRequest, propose_allocation
    from dokja.support.allocation.adopt import adopt_solved
    from dokja.support.allocation.values import AllocationExplained
    from dokja.support.gpu.book import BOOK, book_of
    from dokja.support.terms import terms_of

    request = request_in(file, AllocationRequest)
    with opened_desk(programme, work) as desk:
        terms, history = terms_of(desk.rulebook), desk.of_kind(BOOK)
        found = propose_allocation(book_of(history), request, terms=terms)
        if adopt and not found.conflict:
            acts = adopt_solved(
                history,
                AllocationExplained(request=request, proposal=found),
                terms=terms,
                seen=len(history),
                mandate=mandate_given(desk, given, Topic.SUPPORT),
            )
            if not dry_run:
                desk.file(acts)
    if as_json:
        from dokja.evidence.canonical import canonical_bytes

        click.echo(canonical_bytes(found))
    else:
        from dokja.cli.support_view import show_proposal

        show_proposal(found, adopted=adopt and not dry_run, lang=lang)
    if found.conflict:
        click.get_current_context().exit(EXIT_ADVERSE)


@support.command()
@click.argument("file", type=_file, required=False)
@click.option("--stage", help="Read the teams of this stage from the record.")
@desk_options
@json_option
@lang_option
def fairness(
    file: Path | None,
    *,
    stage: str | None,
    programme: str,
    work: Path,
    as_json: bool,
    lang: str,
) -> None:
    """Compare days and GPU-hours of teams; derive deadlines that make them equal.

    The teams' times stand in FILE, or in the record of --stage (`dokja decision
    next`): then what a late entrant is owed is said too, by what each will have had.

    Exit code 3 where a team is outside the tolerance and was not made up for.
    """
    with opened_desk(programme, work) as desk:
        if stage is not None and file is None:
            is_fair = _show_recorded(desk, stage, as_json=as_json, lang=lang)
        elif file is not None and stage is None:
            is_fair = _show_filed(desk, file, as_json=as_json, lang=lang)
        else:
            raise click.UsageError("give either FILE or --stage")
    if not is_fair:
        click.get_current_context().exit(EXIT_ADVERSE)


def _show_recorded(desk: MatterDesk, stage: str, *, as_json: bool, lang: str) -> bool:
    from dokja.wiring.equal_support import equal_support

    found = equal_support(desk, stage)
    if as_json:
        from dokja.evidence.canonical import canonical_bytes

        click.echo(canonical_bytes(found))
    else:
        from dokja.cli.support_view import show_fairness

        show_fairness(found.teams, newcomers=found.newcomers, lang=lang)
    return found.is_settled


def _show_filed(desk: MatterDesk, file: Path, *, as_json: bool, lang: str) -> bool:
    from dokja.support.fairness import FairnessRequest
    from dokja.wiring.support import support_record

    request = request_in(file, FairnessRequest)
    found = support_record(desk).fairness(request)
    if as_json:
        from dokja.evidence.canonical import canonical_bytes

        click.echo(canonical_bytes({"stage": request.stage, "teams": found}))
    else:
        from dokja.cli.support_view import show_fairness

        show_fairness(found, lang=lang)
    return all(each.within for each in found)


@support.command()
@click.option("--team", help="Only what concerns this team.")
@click.option("--at", default="", help="Time with zone.  [default: now]")
@desk_options
@json_option
@lang_option
def show(
    *,
    team: str | None,
    at: str,
    programme: str,
    work: Path,
    as_json: bool,
    lang: str,
) -> None:
    """Show what was promised, delivered, lost and made up for, and what is late."""
    from dokja.support.overview import of_team, support_overview
    from dokja.support.terms import terms_of
    from dokja.wiring.support import support_acts

    with opened_desk(programme, work) as desk:
        terms, now = terms_of(desk.rulebook), _moment(at) if at else desk.clock()
        acts = support_acts(desk)
        found = support_overview(acts, terms=terms, now=now.astimezone(KOREA))
    found = found if team is None else of_team(found, team)
    if as_json:
        from dokja.evidence.canonical import canonical_bytes

        click.echo(canonical_bytes(found))
        return
    from dokja.cli.support_view import show_overview

    show_overview(found, lang=lang)


def _moment(text: str) -> datetime:
    from dokja.errors import InvalidInput

    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(
            f"{text!r} is no time", remedy="write it as 2026-01-31T09:00:00+09:00"
        ) from error
    if found.tzinfo is None:
        raise InvalidInput(
            f"{text!r} has no zone", remedy="write it as 2026-01-31T09:00:00+09:00"
        )
    return found
