"""`dokja benchmark import` and `export`: runs of others in, our rows out."""

from __future__ import annotations

from pathlib import Path

import click

from dokja.cli.options import json_option, lang_option

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("suite")
@click.argument("log", type=_file)
@click.option(
    "--from",
    "kind",
    type=click.Choice(["inspect", "lm-eval", "vlmevalkit"]),
    required=True,
    help="Whose log it is; lmms-eval writes lm-eval's.",
)
@click.option("--subject", required=True, help="Name of the model in the results.")
@click.option("--weights", required=True, help="Digest of the weights, as declared.")
@click.option("--served-by", required=True, help="What ran the model: engine, version.")
@click.option("--repeats", type=click.IntRange(min=1), default=1, show_default=True)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder that keeps the run.",
)
@json_option
@lang_option
def import_(
    suite: str,
    log: Path,
    *,
    kind: str,
    subject: str,
    weights: str,
    served_by: str,
    repeats: int,
    out: Path,
    as_json: bool,
    lang: str,
) -> None:
    """Keep a run on SUITE that was made elsewhere, from its LOG.

    Only answers are taken: they are scored here, totals are not read, and an item
    that the log does not hold is missing. For suites that need another machine,
    such as pictures, sounds and films.
    """
    from dokja.cli.benchmark_show import print_kept
    from dokja.wiring.runs import ImportRequest, import_run
    from dokja.wiring.suites import open_suite

    request = ImportRequest(
        suite=open_suite(suite),
        log=log,
        kind=kind,
        subject=subject,
        served_by=served_by,
        weights=weights,
        repeats=repeats,
        out=out,
    )
    print_kept(import_run(request), as_json=as_json, lang=lang)


@click.command()
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
def export(run: Path) -> None:
    """Print a kept RUN in the form of Every Eval Ever, one object a line.

    An answer without a score has no place there; it is named on stderr.
    """
    from dokja.wiring.runs import export_run

    rows, left_out = export_run(run)
    click.echo(rows, nl=False)
    for left in left_out:
        click.echo(f"left out: {left.item} ({left.status}) {left.error}", err=True)
