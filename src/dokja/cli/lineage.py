"""`dokja lineage`: compares weights component by component."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dokja.cli.fingerprints import (
    fingerprint,
    library,
    print_screening,
    reading_progress,
    scan,
)
from dokja.cli.options import json_option, lang_option

if TYPE_CHECKING:
    from dokja.lineage import LineageReport

EXIT_ADVERSE, EXIT_OPEN = 3, 4


@click.group()
def lineage() -> None:
    """Do these weights descend from those, component by component?"""


lineage.add_command(fingerprint)
lineage.add_command(library)
lineage.add_command(scan)


@lineage.command()
@click.argument("candidate")
@click.argument("reference")
@click.option(
    "--level",
    type=click.Choice(["full", "screen"]),
    default="full",
    show_default=True,
    help="screen: fingerprints alone, in about the time of a hash, no verdict.",
)
@json_option
@lang_option
@click.pass_context
def compare(
    context: click.Context,
    candidate: str,
    reference: str,
    *,
    level: str,
    as_json: bool,
    lang: str,
) -> None:
    """Compare the weights of two models.

    Each is a folder that holds submission.toml or model.toml, subfolders named
    like components, or the weights of one model; or one safetensors, GGUF or
    ONNX file; or the address of either (https://, s3://), of which only the
    ranges that are needed are fetched. Exits 0 where nothing was found, 3 for
    identical, derived or partial, 4 for refer or untestable.
    A screening decides nothing and exits 0.
    """
    if level == "screen":
        print_screening((candidate, reference), as_json=as_json, lang=lang)
        return
    from dokja.evidence.canonical import canonical_bytes
    from dokja.settings import read_settings
    from dokja.wiring import check_comparison_page, compare_models

    with reading_progress() as on_tensor:
        report = compare_models(
            candidate,
            reference,
            settings=read_settings(),
            on_step=lambda what, _done, _total: on_tensor(what),
        )
    if as_json:
        click.echo(canonical_bytes(report))
    else:
        show_comparison(report, lang=lang)
    if page is not None:
        _write_page(report, (candidate, reference), page, replace=replace)
    context.exit(_exit_code(report))


def _exit_code(report: LineageReport) -> int:
    from dokja.lineage import LineageVerdict

    if report.verdict is LineageVerdict.NO_EVIDENCE:
        return 0
    if report.verdict in (LineageVerdict.REFER, LineageVerdict.UNTESTABLE):
        return EXIT_OPEN
    return EXIT_ADVERSE
