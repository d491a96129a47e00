"""`dokja contest`: votes on blind pairs rated, screened, audited and published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dokja.cli.contest_answers import answers
from dokja.cli.options import json_option, lang_option
from dokja.cli.text_file import text_of

if TYPE_CHECKING:
    import msgspec

    from dokja.contest.rating.power import Design
    from dokja.contest.rating.vote_table import VoteTable
    from dokja.contest.values import PreparedAnswer

RATING_SCHEMA = "dokja-contest-rating/1"
PLAN_SCHEMA = "dokja-contest-check/1"
SCREENING_SCHEMA = "dokja-contest-screening/1"
AUDIT_SCHEMA = "dokja-contest-audit/1"
POWER_SCHEMA = "dokja-contest-power/1"
EXIT_ADVERSE = 3
_GAP = "Between neighbours, in logits; 0.2 is 55 to 45."
_TASTE = "Standard deviation of a person's own strengths, in logits."
_file = click.Path(dir_okay=False, exists=True, path_type=Path)


@click.group()
def contest() -> None:
    """Votes on blind pairs: what they show, and what they hang on."""


contest.add_command(answers)


@contest.command()
@click.argument("ballots", type=_file)
@json_option
@lang_option
def rate(ballots: Path, *, as_json: bool, lang: str) -> None:
    """Rate the teams of BALLOTS from its votes.

    BALLOTS is a CSV file with the columns voter, left, right and choice (left,
    right, tie or both_bad); columns style_NAME hold the left answer's figure
    less the right's. Intervals hold for all teams together and take a voter's
    votes as related.
    """
    from dokja.contest import rate_votes

    found = rate_votes(_table(ballots), source=ballots.name)
    if as_json:
        _print_json(RATING_SCHEMA, found)
        return
    from dokja.cli.contest_view import show_rating

    show_rating(found, lang=lang)


@contest.command()
@click.argument("file", type=_file)
@click.option("--answers", type=_file, help="Prepared answers, one JSON a line.")
@json_option
@lang_option
@click.pass_context
def check(
    context: click.Context,
    file: Path,
    *,
    answers: Path | None,
    as_json: bool,
    lang: str,
) -> None:
    """Check the rules and prompts of FILE, a contest.toml, and print their digests.

    With --answers also whether every team answers every prompt with one model.
    Exit code 3 where an answer names a team, because its battles will be voided.
    """
    from dokja.contest import (
        answers_that_name,
        check_answers,
        parse_answers,
        parse_contest,
    )
    from dokja.evidence.canonical import canonical_bytes, digest_of

    plan = parse_contest(text_of(file), where=file.name)
    named: tuple[PreparedAnswer, ...] = ()
    if answers is not None:
        given = parse_answers(text_of(answers), where=answers.name)
        check_answers(plan, given, where=answers.name)
        named = answers_that_name(plan, given)
    fields = {
        "schema": PLAN_SCHEMA,
        "contest": plan.rules.id,
        "rules_digest": digest_of(plan.rules),
        "prompts_digest": digest_of(plan.prompts),
        "prompts": len(plan.prompts),
        "teams": plan.rules.teams,
        "names_itself": [[a.prompt, a.team] for a in named],
    }
    if as_json:
        click.echo(canonical_bytes(fields))
    else:
        from dokja.cli.contest_view import show_check

        show_check(fields, lang=lang)
    if named:
        context.exit(EXIT_ADVERSE)


@contest.command()
@click.argument("ballots", type=_file)
@click.option(
    "--level",
    type=click.FloatRange(0, 0.1, min_open=True),
    default=0.05,
    show_default=True,
    help="Chance that any honest voter at all is flagged.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, help="Of the draws.")
@json_option
@lang_option
def screen(ballots: Path, *, level: float, seed: int, as_json: bool, lang: str) -> None:
    """Name the voters of BALLOTS whose votes the others' cannot explain.

    Each with the reason and the figures, for people to look at. In a contest
    this is decided on blind labels, before anybody knows who leads.
    """
    from dokja.contest import screen_voters

    table = _table(ballots)
    found = screen_voters(table, seed=seed, level=level, source=ballots.name)
    if as_json:
        _print_json(SCREENING_SCHEMA, found)
        return
    from dokja.cli.contest_findings_view import show_screening

    show_screening(found, lang=lang)


@contest.command()
@click.argument("ballots", type=_file)
@json_option
@lang_option
def audit(ballots: Path, *, as_json: bool, lang: str) -> None:
    """Find how few votes, and voters, of BALLOTS the last place hangs on.

    What is found is enough to change it, so the numbers are upper bounds.
    """
    from dokja.contest import influence_audit

    found = influence_audit(_table(ballots), source=ballots.name)
    if as_json:
        _print_json(AUDIT_SCHEMA, found)
        return
    from dokja.cli.contest_findings_view import show_influence

    show_influence(found, lang=lang)


@contest.command()
@click.argument("ballots", type=_file)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option(
    "--least-cell",
    type=click.IntRange(min=3),
    default=5,
    show_default=True,
    help="People below which no cell stands alone.",
)
@click.option("--replace", is_flag=True, help="Replace a file that is there.")
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
def publish(
    ballots: Path, *, out: Path, least_cell: int, replace: bool, dry_run: bool
) -> None:
    """Write the votes of BALLOTS without identities.

    Voters get new numbers under a salt that is drawn and kept nowhere; rows are
    sorted; fields in which fewer people voted are merged.
    """
    import secrets

    from dokja.contest import publish_votes, published_csv
    from dokja.errors import Conflict

    votes = _table(ballots).to_publish()
    found = publish_votes(votes, salt=secrets.token_hex(32), least_cell=least_cell)
    if out.exists() and not replace:
        raise Conflict(f"{out} is there already", remedy="name another, or --replace")
    if not dry_run:
        out.write_text(published_csv(found), encoding="utf-8")
    cells = {(vote.field, vote.language) for vote in found}
    click.echo(f"{out}: {len(found)} votes in {len(cells)} cells")


@contest.command()
@click.option("--gap", type=click.FloatRange(0, 5, min_open=True), help=_GAP)
@click.option("--teams", type=click.IntRange(2, 50), help="[default: 5]")
@click.option("--voters", type=click.IntRange(2, 1_000_000))
@click.option("--votes-each", type=click.IntRange(1, 1000))
@click.option("--ties", type=click.FloatRange(0, 0.9), help="[default: 0.2]")
@click.option("--taste", type=click.FloatRange(0, 3), help=_TASTE)
@click.option(
    "--simulations", type=click.IntRange(min=10), default=400, show_default=True
)
@json_option
@lang_option
def power(*, simulations: int, as_json: bool, lang: str, **given: float | None) -> None:
    """Say what contests of a design find; without one, the whole design table.

    A design has --gap, --voters and --votes-each. Simulated, each share with
    the error of the simulation.
    """
    from dokja.cli.progress import shown_progress
    from dokja.contest.rating.power import DESIGNS, design_outlook

    design = _design(
        {name: value for name, value in given.items() if value is not None}
    )
    designs = DESIGNS if design is None else (design,)
    found = []
    with shown_progress() as on_step:
        for number, one in enumerate(designs, start=1):
            found.append(design_outlook(one, simulations=simulations))
            on_step("design", f"{number} of {len(designs)}")
    if as_json:
        from dokja.evidence.canonical import canonical_bytes

        click.echo(canonical_bytes({"schema": POWER_SCHEMA, "designs": found}))
        return
    from dokja.cli.contest_findings_view import show_power

    show_power(found, lang=lang)


def _design(given: dict[str, float]) -> Design | None:
    """The design that was asked for; None where nothing was."""
    from dokja.contest.rating.power import Design
    from dokja.evidence.canonical import read_as

    if not given:
        return None
    if not {"gap", "voters", "votes_each"} <= set(given):
        raise click.UsageError("a design needs --gap, --voters and --votes-each")
    return read_as(given, Design, where="the design")


def _print_json(schema: str, found: msgspec.Struct) -> None:
    import msgspec

    from dokja.evidence.canonical import canonical_bytes

    click.echo(canonical_bytes({"schema": schema, **msgspec.structs.asdict(found)}))


def _table(file: Path) -> VoteTable:
    from dokja.contest import parse_ballots
    from dokja.contest.rating.ballot_file import LARGEST
    from dokja.errors import InvalidInput

    if file.stat().st_size > LARGEST:
        raise InvalidInput(
            f"{file} has {file.stat().st_size} bytes, at most {LARGEST}",
            remedy="hand in the votes of one contest",
        )
    return parse_ballots(file.read_bytes(), where=file.name)
