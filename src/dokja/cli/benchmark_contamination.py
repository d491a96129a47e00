"""`dokja benchmark twins`, `overlap`, `order`, `wording`: has a suite leaked?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dokja.cli.options import json_option, lang_option

if TYPE_CHECKING:
    from dokja.benchmark.contamination.values import ContaminationFinding

SCHEMA = "dokja-contamination/1"
_model = click.Path(file_okay=False, exists=True, path_type=Path)
_run = click.Path(file_okay=False, exists=True, path_type=Path)


@click.command()
@click.option(
    "--team",
    "teams",
    type=(_run, _run),
    multiple=True,
    required=True,
    metavar="PUBLIC FRESH",
    help="Runs of a team on the public items and on fresh twins; repeat for others.",
)
@click.option(
    "--reference",
    "references",
    type=(_run, _run),
    multiple=True,
    metavar="PUBLIC FRESH",
    help="The same of a reference model; three at least for a p-value.",
)
@json_option
@lang_option
def twins(
    teams: Sequence[tuple[Path, Path]],
    references: Sequence[tuple[Path, Path]],
    *,
    as_json: bool,
    lang: str,
) -> None:
    """Hold each team's lead on public items against the reference models'.

    Folders are those that `benchmark run` kept. p-values are corrected over all
    teams given. Nothing here removes anybody: people look at what is referred.
    """
    from dokja.wiring.contamination import find_twins

    _show(find_twins(teams, references), as_json=as_json, lang=lang)


@click.command()
@click.argument(
    "texts", type=click.Path(exists=True, path_type=Path), nargs=-1, required=True
)
@click.option(
    "--team",
    "teams",
    type=_run,
    multiple=True,
    required=True,
    help="Run of a team that was trained on the texts; repeat for others.",
)
@click.option("--reference", "references", type=_run, multiple=True)
@json_option
@lang_option
def overlap(
    texts: Sequence[Path],
    teams: Sequence[Path],
    references: Sequence[Path],
    *,
    as_json: bool,
    lang: str,
) -> None:
    """Score each team with and without the items that recur in TEXTS.

    TEXTS are files or folders of training text: .txt, .md, .jsonl with a field
    `text`, also gzipped. Supports a twin test; nothing follows from it alone.
    """
    from dokja.wiring.contamination import find_overlap

    _show(find_overlap(teams, references, texts), as_json=as_json, lang=lang)


@click.command()
@click.argument("suite")
@click.argument("models", type=_model, nargs=-1, required=True)
@click.option(
    "--shard-items",
    type=click.IntRange(min=2),
    default=8,
    show_default=True,
    help="Items read in one go.",
)
@click.option(
    "--orders",
    type=click.IntRange(min=2),
    default=16,
    show_default=True,
    help="Shuffled orders of every shard.",
)
@click.option("--beacon", default="", help="Text drawn after the models were sealed.")
@json_option
@lang_option
def order(
    suite: str,
    models: Sequence[Path],
    *,
    shard_items: int,
    orders: int,
    beacon: str,
    as_json: bool,
    lang: str,
) -> None:
    """Read SUITE in its published order and in shuffled ones with each of MODELS.

    MODELS are folders that transformers opens. Needs a set that was published in
    one order, from about a thousand items; supports a twin test, nothing more.
    """
    from dokja.benchmark.contamination import OrderPlan
    from dokja.wiring.contamination import find_order
    from dokja.wiring.suites import open_suite

    plan = OrderPlan(shard_items=shard_items, orders=orders, beacon=beacon)
    found = find_order([str(model) for model in models], open_suite(suite), plan)
    _show(found, as_json=as_json, lang=lang)


@click.command()
@click.argument("originals")
@click.argument("paraphrases")
@click.option("--team", "teams", type=_model, multiple=True, required=True)
@click.option("--reference", "references", type=_model, multiple=True)
@json_option
@lang_option
def wording(
    originals: str,
    paraphrases: str,
    teams: Sequence[Path],
    references: Sequence[Path],
    *,
    as_json: bool,
    lang: str,
) -> None:
    """Ask how much more familiar ORIGINALS are than PARAPHRASES to each model.

    Both are suites of the same items in the same order; models are folders that
    transformers opens. Min-K%++; supports a twin test, nothing more.
    """
    from dokja.wiring.contamination import find_wording
    from dokja.wiring.suites import open_suite

    found = find_wording(
        [str(team) for team in teams],
        [str(reference) for reference in references],
        (open_suite(originals), open_suite(paraphrases)),
    )
    _show(found, as_json=as_json, lang=lang)


def _show(
    findings: Sequence[ContaminationFinding], *, as_json: bool, lang: str
) -> None:
    from dokja.evidence.canonical import canonical_bytes

    if as_json:
        click.echo(canonical_bytes({"schema": SCHEMA, "findings": findings}))
        return
    from dokja.cli.contamination_view import show_findings

    show_findings(findings, lang=lang)
