"""`dokja index`: the measured indices and the moving target, from kept runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dokja.cli.options import json_option, lang_option

if TYPE_CHECKING:
    from dokja.wiring.indices import IndexRequest

SCHEMA = "dokja-index-{}/1"
Command = Callable[..., Any]


def run_options(command: Command) -> Command:
    """The rulebook, the runs, and which of them are of reference models."""
    folder = click.Path(file_okay=False, exists=True, path_type=Path)
    options = (
        click.argument("rulebook"),
        click.argument("runs", nargs=-1, required=True, type=folder),
        click.option(
            "--reference",
            "references",
            multiple=True,
            metavar="NAME",
            help="A model of these runs that is no team's; repeat for others.",
        ),
        click.option(
            "--beacon", default="", help="Text drawn after the seal; fixes the draws."
        ),
        json_option,
        lang_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group()
def index() -> None:
    """AI Frontier Index, AI Diffusion Index, moving target.

    RULEBOOK is a file, a folder or a shipped name, with [index_rules] or
    [[reference_sets]]. RUNS are folders that `dokja benchmark run` kept: one a
    model and suite, models by the name of the run's subject.
    """


@index.command()
@run_options
@click.option(
    "--declared",
    type=(str, str),
    multiple=True,
    metavar="TEAM SUITE",
    help="A suite that a team chose before its seal; repeat for others.",
)
def frontier(
    *, declared: tuple[tuple[str, str], ...], as_json: bool, lang: str, **given: Any
) -> None:
    """AI Frontier Index of every team.

    With both noises, per category and benchmark, differences, and views that
    are never the official index.
    """
    from dokja.cli.index_view import show_frontier
    from dokja.wiring.indices import find_frontier

    chosen: dict[str, tuple[str, ...]] = {}
    for team, suite in declared:
        chosen[team] = (*chosen.get(team, ()), suite)
    report, rulebook = find_frontier(_request(given, chosen))
    if as_json:
        _print_json("frontier", report)
    else:
        show_frontier(report, rulebook, lang=lang)


@index.command()
@run_options
@click.option(
    "--figures",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="TOML: throughput, memory, formats, licence, adoption of each model.",
)
def diffusion(*, figures: Path | None, as_json: bool, lang: str, **given: Any) -> None:
    """AI Diffusion Index of every team, against the reference the rules fix.

    Shares of experts and users are a stage's; here such a part has no figure.
    """
    from dokja.cli.index_view import show_diffusion
    from dokja.wiring.indices import find_diffusion

    report, rulebook = find_diffusion(_request(given, {}), figures)
    if as_json:
        _print_json("diffusion", report)
    else:
        show_diffusion(report, rulebook, lang=lang)


@index.command()
@run_options
@click.option(
    "--candidates",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    required=True,
    help="TOML: teams with their makers, and the dated list of candidates.",
)
@click.option("--stage", help="Stage of the reference set, where there are several.")
@click.option(
    "--office-target",
    default="",
    metavar="MODEL",
    help="Model declared for every team, where the rules let the office pick.",
)
def target(
    *,
    candidates: Path,
    stage: str | None,
    office_target: str,
    as_json: bool,
    lang: str,
    **given: Any,
) -> None:
    """Every team against the declared, the best open and the best model."""
    import msgspec

    from dokja.cli.index_view import show_targets
    from dokja.evidence.canonical import canonical_bytes
    from dokja.wiring.indices import find_targets

    references, reports = find_targets(
        _request(given, {}), candidates, stage=stage, office_target=office_target
    )
    if as_json:
        fields = {"schema": SCHEMA.format("target"), "reference_set": references}
        click.echo(canonical_bytes({**fields, "targets": msgspec.to_builtins(reports)}))
    else:
        show_targets(references, reports, lang=lang)


def _request(
    given: dict[str, Any], declared: dict[str, tuple[str, ...]]
) -> IndexRequest:
    from dokja.wiring.indices import IndexRequest

    return IndexRequest(declared=declared, **given)


def _print_json(name: str, report: object) -> None:
    import msgspec

    from dokja.evidence.canonical import canonical_bytes

    fields = {"schema": SCHEMA.format(name), **msgspec.to_builtins(report)}
    click.echo(canonical_bytes(fields))
