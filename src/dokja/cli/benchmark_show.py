"""`dokja benchmark show`: a kept run, one item of it, or its page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dokja.cli.options import json_option, lang_option, page_options

if TYPE_CHECKING:
    from dokja.wiring.runs import KeptRun

SCHEMA = "dokja-benchmark-run/1"
ITEM_SCHEMA = "dokja-benchmark-item/1"


@click.command()
@click.argument(
    "run", type=click.Path(file_okay=False, exists=True, path_type=Path), metavar="RUN"
)
@click.option(
    "--item",
    "name",
    metavar="ID",
    help="Show one item: what was asked, what was answered. SUITE/ID where several "
    "suites have it.",
)
@page_options("Also write the run to this file, as a page for people.")
@json_option
@lang_option
def show(
    run: Path,
    *,
    name: str | None,
    page: Path | None,
    replace: bool,
    as_json: bool,
    lang: str,
) -> None:
    """Show a run that `benchmark run` kept in the folder RUN.

    The JSON is that of `benchmark run`, or of one item; it holds nothing that a
    clock measured.
    """
    from dokja.wiring.library import prepared_page
    from dokja.wiring.runs import read_kept

    write = None if page is None else prepared_page(page, replace=replace)
    kept = read_kept(run)
    if name is None:
        print_kept(kept, as_json=as_json, lang=lang)
    else:
        _print_item(kept, name, as_json=as_json, lang=lang)
    if page is not None and write is not None:
        from dokja.cli.run_page import run_page

        write(run_page(kept, run, page))
        click.echo(f"page  {page}", err=True)


def print_kept(kept: KeptRun, *, as_json: bool, lang: str) -> None:
    """Nothing; prints what the run comes to."""
    import msgspec

    from dokja.benchmark.runs import summarise
    from dokja.cli.benchmark_view import show_run
    from dokja.evidence.canonical import canonical_bytes

    summary = summarise(kept.run, kept.suites)
    if as_json:
        suites = [suite.header.id for suite in kept.suites]
        head = {"schema": SCHEMA, "suite": suites[0] if len(suites) == 1 else None}
        click.echo(canonical_bytes({**head, **msgspec.to_builtins(summary)}))
    else:
        show_run(kept.run, summary, lang=lang)


def _print_item(kept: KeptRun, name: str, *, as_json: bool, lang: str) -> None:
    import msgspec

    from dokja.benchmark.runs import find_asked, untimed_item
    from dokja.cli.benchmark_item_view import show_item
    from dokja.evidence.canonical import canonical_bytes

    asked = find_asked(kept.run, kept.suites, name)
    if as_json:
        plain = msgspec.to_builtins(untimed_item(asked))
        click.echo(canonical_bytes({"schema": ITEM_SCHEMA, **plain}))
    else:
        show_item(asked, lang=lang)
