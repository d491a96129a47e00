"""`dokja replay`: a published stage, or a whole programme, from what was published."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from dokja.cli.options import json_option, lang_option, page_options

UNSETTLED = 4
"""Exit code where the data alone did not decide."""


@click.command(name="replay")
@click.argument("case")
@page_options("Also write a whole programme to this file, as a page for people.")
@json_option
@lang_option
@click.pass_context
def replay(
    context: click.Context,
    case: str,
    *,
    page: Path | None,
    replace: bool,
    as_json: bool,
    lang: str,
) -> None:
    """Run a published programme again, or decide one stage of it.

    k-ai runs the whole programme, k-ai-stage-1 decides its first stage.
    """
    from dokja.settings import shipped_folder

    programmes = shipped_folder("programmes")
    histories = known_histories(programmes)
    if case in histories:
        from dokja.cli.replay_programme import run_programme

        settled = run_programme(
            histories[case], page=page, replace=replace, as_json=as_json, lang=lang
        )
    else:
        stages = known_cases(programmes)
        file = case_file(case, {**histories, **stages})
        if page is not None:
            raise click.UsageError(f"{case} is one stage and has no page; leave --html")
        settled = _decide_stage(file, as_json=as_json, lang=lang)
    if not settled:
        context.exit(UNSETTLED)


def _decide_stage(file: Path, *, as_json: bool, lang: str) -> bool:
    """Whether rules and published facts decide the stage; writes what they show."""
    from dokja.evidence.canonical import canonical_bytes
    from dokja.programme.rulebook import parse_rulebook
    from dokja.replay import read_published, replay_stage

    rules = file.parent.parent / "rulebook.toml"
    report = replay_stage(
        read_published(parsed(file), where=file.name),
        parse_rulebook(rules.read_text(encoding="utf-8"), where=rules.name),
    )
    if as_json:
        click.echo(canonical_bytes(report))
    else:
        from dokja.cli.replay_view import show_report

        show_report(report, lang=lang)
    return report.settled_by_data


def parsed(file: Path) -> dict[str, Any]:
    """The TOML in the file, its numbers as written. Raises: InvalidInput."""
    import tomllib

    from dokja.errors import InvalidInput

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            f"{file.name} is not TOML: {error}", remedy="correct the line it names"
        ) from error


def known_cases(programmes: Path) -> dict[str, Path]:
    """Every shipped stage, `<programme>-<stage>`, with its published facts."""
    return {
        f"{file.parent.parent.name}-{file.parent.name}": file
        for file in sorted(programmes.glob("*/*/published.toml"))
    }


def known_histories(programmes: Path) -> dict[str, Path]:
    """Every shipped programme with a history, by name, with the folder of it."""
    return {
        file.parent.parent.name: file.parent
        for file in sorted(programmes.glob("*/history/programme.toml"))
    }


def case_file(case: str, known: Mapping[str, Path]) -> Path:
    """The file of the case. Raises: InvalidInput listing the known cases."""
    from dokja.errors import InvalidInput

    if case not in known:
        raise InvalidInput(
            f"there is no published case {case!r}",
            remedy=f"known cases: {', '.join(known) or 'none'}",
        )
    return known[case]
