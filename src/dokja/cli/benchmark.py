"""`dokja benchmark`: the suites that models are measured with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dokja.cli.benchmark_contamination import order, overlap, twins, wording
from dokja.cli.benchmark_exchange import export, import_
from dokja.cli.benchmark_run import compare, run
from dokja.cli.benchmark_show import show
from dokja.cli.options import json_option, lang_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dokja.benchmark.values import ListedSuite

SCHEMA = "dokja-suites/1"
WIDE = 120
"""Letters of a terminal from which every column has room."""
NARROW = (0, 2, 4, 5, 6)
HEADS = {
    "en": ("suite", "version", "what", "track", "lang", "items", "licence", "origin"),
    "ko": ("묶음", "판", "내용", "트랙", "언어", "문항", "라이선스", "출처"),
}


@click.group()
def benchmark() -> None:
    """Measure models with suites, compare runs, look for leaks."""


benchmark.add_command(run)
benchmark.add_command(show)
benchmark.add_command(compare)
benchmark.add_command(import_)
benchmark.add_command(export)
benchmark.add_command(order)
benchmark.add_command(overlap)
benchmark.add_command(twins)
benchmark.add_command(wording)


@benchmark.command("list")
@json_option
@lang_option
def list_(*, as_json: bool, lang: str) -> None:
    """List the suites that travel with Dokja: generated, and of the example.

    Items of installed packages are listed where they are installed. An author
    who competes in the stage is marked *, and ! has a notice below.
    """
    from dokja.evidence.canonical import canonical_bytes
    from dokja.wiring.suites import shipped_suites

    suites = shipped_suites()
    if as_json:
        click.echo(canonical_bytes({"schema": SCHEMA, "suites": suites}))
    else:
        _show(suites, lang)


def _show(suites: Sequence[ListedSuite], lang: str) -> None:
    from rich.cells import cell_len
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, header_style="bold")
    shown = range(len(HEADS[lang])) if console.width >= WIDE else NARROW
    for place in shown:
        head = HEADS[lang][place]
        table.add_column(
            head, no_wrap=place == 0, overflow="fold", min_width=cell_len(head)
        )
    for suite in suites:
        mark = ("*" if suite.competing_authors else "") + ("!" if suite.notice else "")
        title = suite.title.ko if lang == "ko" else suite.title.en
        version, _, fixed = suite.version.partition("+")
        cells = (
            suite.id + mark,
            f"{version}+{fixed[:6]}" if fixed else version,
            title,
            suite.track.value,
        )
        rest = (suite.language, str(suite.items), suite.licence, suite.origin)
        row = (*cells, *rest)
        table.add_row(*(escape(row[place]) for place in shown))
    console.print(table)
    for suite in suites:
        if suite.notice:
            told = suite.notice.ko if lang == "ko" else suite.notice.en
            console.print(f"! {suite.id}: {escape(told)}", style="yellow")
