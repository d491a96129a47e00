"""`dokja contest answers`: a contest's plan and endpoints in, answers out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dokja.cli.options import json_option, lang_option

if TYPE_CHECKING:
    from dokja.contest.served.prepared import Prepared

PREPARED_SCHEMA = "dokja-contest-prepared/1"
EXIT_INCONCLUSIVE = 4
_file = click.Path(dir_okay=False, exists=True, path_type=Path)


@click.command()
@click.argument("plan", type=_file)
@click.argument("endpoints", type=_file)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder that keeps the answers; one that was stopped goes on in it.",
)
@click.option(
    "--at-once",
    type=click.IntRange(min=1, max=256),
    default=4,
    show_default=True,
    help="Questions that each model is asked at once.",
)
@click.option("--dry-run", is_flag=True, help="Read and check, ask nobody.")
@json_option
@lang_option
@click.pass_context
def answers(
    context: click.Context,
    plan: Path,
    endpoints: Path,
    *,
    out: Path,
    at_once: int,
    dry_run: bool,
    as_json: bool,
    lang: str,
) -> None:
    """Ask every team's model every prompt, before a contest opens.

    PLAN is the contest's plan in TOML, with its prompts; pictures lie in its
    folder. ENDPOINTS is a TOML list of the teams' models. Answers are equal whatever
    the order. Exit code 4 where an answer could not be had; the same command asks
    for it again.
    """
    from datetime import UTC, datetime

    from dokja.cli.contest_answers_view import show_plan, show_prepared
    from dokja.cli.progress import shown_items
    from dokja.settings import read_settings
    from dokja.wiring.endpoints import AnswersRequest, plan_answers, prepare_answers

    request = AnswersRequest(
        contest=plan, endpoints=endpoints, out=out, at_once=at_once
    )
    settings = read_settings()
    if dry_run:
        show_plan(plan_answers(request, settings=settings), lang=lang)
        return
    with shown_items() as on_items:
        prepared = prepare_answers(
            request,
            settings=settings,
            now=lambda: datetime.now(UTC).isoformat(),
            on_items=on_items,
        )
    if as_json:
        _print(prepared)
    else:
        show_prepared(prepared, lang=lang)
    if prepared.missing:
        context.exit(EXIT_INCONCLUSIVE)


def _print(prepared: Prepared) -> None:
    from dokja.evidence.canonical import canonical_bytes, digest_bytes

    fields = {
        "schema": PREPARED_SCHEMA,
        "plan": prepared.plan.digest,
        "prompts": len(prepared.plan.prompts),
        "models": prepared.plan.models,
        "answers": len(prepared.answers),
        "answers_digest": digest_bytes(prepared.answers_bytes),
        "missing": prepared.missing,
    }
    click.echo(canonical_bytes(fields))
