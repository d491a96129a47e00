"""`dokja contest`: votes on blind pairs rated, screened, audited and published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dokja.cli.options import json_option, lang_option

if TYPE_CHECKING:
    import msgspec

    from dokja.contest.values import PreparedAnswer
    from dokja.contest.vote_table import VoteTable

RATING_SCHEMA = "dokja-contest-rating/1"
PLAN_SCHEMA = "dokja-contest-check/1"
EXIT_ADVERSE = 3
_file = click.Path(dir_okay=False, exists=True, path_type=Path)


@click.group()
def contest() -> None:
    """Votes on blind pairs: what they show, and what they hang on."""


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

    plan = parse_contest(_text(file), where=file.name)
    named: tuple[PreparedAnswer, ...] = ()
    if answers is not None:
        given = parse_answers(_text(answers), where=answers.name)
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


def _print_json(schema: str, found: msgspec.Struct) -> None:
    import msgspec

    from dokja.evidence.canonical import canonical_bytes

    click.echo(canonical_bytes({"schema": schema, **msgspec.structs.asdict(found)}))


def _table(file: Path) -> VoteTable:
    from dokja.contest import parse_ballots
    from dokja.contest.ballot_file import LARGEST
    from dokja.errors import InvalidInput

    if file.stat().st_size > LARGEST:
        raise InvalidInput(
            f"{file} has {file.stat().st_size} bytes, at most {LARGEST}",
            remedy="hand in the votes of one contest",
        )
    return parse_ballots(file.read_bytes(), where=file.name)


def _text(file: Path) -> str:
    from dokja.errors import InvalidInput

    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"{file} is not UTF-8 text", remedy="save it as UTF-8"
        ) from error
