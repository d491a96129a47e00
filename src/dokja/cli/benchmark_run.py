"""`dokja benchmark run` and `compare`: a suite and a model in, a kept run out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dokja.cli.options import engine_options, json_option, lang_option, workers_option

SCHEMA = "dokja-benchmark-run/1"
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
    workers: int | None,
    price_file: Path | None,
    as_json: bool,
    lang: str,
    **engine: Any,
) -> None:
    """Measure MODEL with SUITE.

    SUITE is one that `benchmark list` names, or a folder with suite.toml. MODEL
    is a folder that transformers opens (lm-eval), a GGUF file (llama.cpp), or the
    name of a served model (endpoint; its key from DOKJA_ENDPOINT_KEY). Killed at any
    moment and started again with the same words, the run ends in the same
    records; the JSON holds nothing that a clock measured.
    """
    from dokja.benchmark.runs import summarise
    from dokja.benchmark.runs.values import Allowance
    from dokja.cli.benchmark_view import show_run
    from dokja.cli.progress import shown_items
    from dokja.engine_wiring import Engine
    from dokja.evidence.canonical import canonical_bytes
    from dokja.run_wiring import RunRequest, name_of, read_prices, run_benchmark
    from dokja.settings import read_settings
    from dokja.suite_wiring import open_suite

    request = RunRequest(
        suite=open_suite(suite, beacon=beacon),
        model=model,
        subject=subject or name_of(model),
        engine=Engine(model=model, **engine),
        out=out,
        repeats=repeats,
        shard_items=shard_items,
        prices=None if price_file is None else read_prices(price_file),
        allowance=None
        if allowance is None
        else Allowance(runs=allowance[0], faults=allowance[1]),
    )
    settings = read_settings(workers=workers)
    with shown_items() as on_items:
        kept = run_benchmark(request, settings=settings, on_items=on_items)
    summary = summarise(kept.run, kept.suites)
    if as_json:
        head = {"schema": SCHEMA, "suite": request.suite.header.id}
        click.echo(canonical_bytes({**head, **_plain(summary)}))
    else:
        show_run(kept.run, summary, lang=lang)


@click.command()
@click.argument("left", type=_kept_run)
@click.argument("right", type=_kept_run)
@json_option
@lang_option
def compare(left: Path, right: Path, *, as_json: bool, lang: str) -> None:
    """Compare two runs that `benchmark run` kept, item by item.

    Differences are paired, their p-values corrected over the suites that both
    runs answered.
    """
    from dokja.cli.benchmark_view import show_comparison
    from dokja.evidence.canonical import canonical_bytes
    from dokja.run_wiring import compare_kept

    comparison, *_ = compare_kept(left, right)
    if as_json:
        fields = {"schema": COMPARISON_SCHEMA, **_plain(comparison)}
        click.echo(canonical_bytes(fields))
    else:
        show_comparison(comparison, lang=lang)


def _plain(value: object) -> dict[str, object]:
    import msgspec

    fields: dict[str, object] = msgspec.to_builtins(value)
    return fields
