"""`dokja benchmark run` and `compare`: a suite and a model in, a kept run out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dokja.cli.options import (
    engine_options,
    json_option,
    lang_option,
    page_options,
    workers_option,
)

COMPARISON_SCHEMA = "dokja-benchmark-comparison/1"
_whole = click.IntRange(min=1)
_kept_run = click.Path(file_okay=False, exists=True, path_type=Path)


@click.command()
@click.argument("suite")
@click.argument("model")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder that keeps the run; one that was stopped goes on in it.",
)
@click.option(
    "--beacon",
    default="",
    help="Text drawn afterwards: gives a fresh set of a generated suite.",
)
@click.option("--subject", help="Name of the model in the results.  [default: MODEL]")
@click.option("--repeats", type=_whole, default=1, show_default=True)
@click.option(
    "--shard-items",
    type=_whole,
    default=64,
    show_default=True,
    help="Items measured and kept together.",
)
@click.option(
    "--prices",
    "price_file",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="TOML: currency, per_million_input, per_million_output, source, as_of.",
)
@engine_options
@click.option(
    "--allowance",
    type=(_whole, _whole),
    metavar="RUNS FAULTS",
    help="Refuse once the subject's runs beside --out have used this up.",
)
@page_options("Also write the run to this file, as a page for people.")
@workers_option
@json_option
@lang_option
def run(
    suite: str,
    model: str,
    *,
    out: Path,
    beacon: str,
    subject: str | None,
    repeats: int,
    shard_items: int,
    allowance: tuple[int, int] | None,
    page: Path | None,
    replace: bool,
    workers: int | None,
    price_file: Path | None,
    as_json: bool,
    lang: str,
    **engine: Any,
) -> None:
    """Measure MODEL with SUITE.

    SUITE is one that `benchmark list` names, or a folder with suite.toml. MODEL
    is a folder that transformers opens (lm-eval), a GGUF file (llama.cpp), or the
    name of a served model (endpoint and inspect; its key from DOKJA_ENDPOINT_KEY,
    the judge's from DOKJA_JUDGE_KEY). Killed at any moment and started again with
    the same words, the run ends in the same records; the JSON holds nothing that a
    clock measured.
    """
    from dokja.benchmark.runs.values import Allowance
    from dokja.cli.benchmark_show import print_kept
    from dokja.cli.progress import shown_items
    from dokja.settings import read_settings
    from dokja.wiring.engines import Engine
    from dokja.wiring.library import prepared_page
    from dokja.wiring.runs import RunRequest, name_of, read_prices, run_benchmark
    from dokja.wiring.suites import counter_of, open_suite

    asked = open_suite(suite, beacon=beacon, counter=counter_of(suite, model))
    folders = ((asked.header.id, suite),) if Path(suite).is_dir() else ()
    request = RunRequest(
        suite=asked,
        model=model,
        subject=subject or name_of(model),
        engine=Engine(model=model, media=folders, **engine),
        out=out,
        repeats=repeats,
        shard_items=shard_items,
        prices=None if price_file is None else read_prices(price_file),
        allowance=None
        if allowance is None
        else Allowance(runs=allowance[0], faults=allowance[1]),
    )
    settings = read_settings(workers=workers)
    write = None if page is None else prepared_page(page, replace=replace)
    with shown_items() as on_items:
        kept = run_benchmark(request, settings=settings, on_items=on_items)
    print_kept(kept, as_json=as_json, lang=lang)
    if page is not None and write is not None:
        from dokja.cli.run_page import run_page

        write(run_page(kept, out, page))
        click.echo(f"page  {page}", err=True)


@click.command()
@click.argument("left", type=_kept_run)
@click.argument("right", type=_kept_run)
@page_options("Also write the comparison to this file, as a page for people.")
@json_option
@lang_option
def compare(
    left: Path,
    right: Path,
    *,
    page: Path | None,
    replace: bool,
    as_json: bool,
    lang: str,
) -> None:
    """Compare two runs that `benchmark run` kept, item by item.

    Differences are paired, their p-values corrected over the suites that both
    runs answered.
    """
    import msgspec

    from dokja.cli.benchmark_view import show_comparison
    from dokja.evidence.canonical import canonical_bytes
    from dokja.wiring.library import prepared_page
    from dokja.wiring.runs import compare_kept

    write = None if page is None else prepared_page(page, replace=replace)
    comparison, *sides = compare_kept(left, right)
    if as_json:
        fields = {"schema": COMPARISON_SCHEMA, **msgspec.to_builtins(comparison)}
        click.echo(canonical_bytes(fields))
    else:
        show_comparison(comparison, lang=lang)
    if page is not None and write is not None:
        from dokja.cli.run_page import pair_page

        write(pair_page((sides[0], sides[1]), (left, right), page))
        click.echo(f"page  {page}", err=True)
