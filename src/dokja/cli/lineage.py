"""`dokja lineage`: compares weights component by component."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dokja.cli.fingerprints import fingerprint, library, print_screening, scan
from dokja.cli.lineage_decompose import decompose
from dokja.cli.options import json_option, lang_option, page_options

if TYPE_CHECKING:
    from dokja.lineage import LineageReport

EXIT_ADVERSE, EXIT_OPEN = 3, 4


@click.group()
def lineage() -> None:
    """Do these weights descend from those, component by component?"""


lineage.add_command(decompose)
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
@page_options("Also write the comparison to this file, as a page for people.")
@json_option
@lang_option
@click.pass_context
def compare(
    context: click.Context,
    candidate: str,
    reference: str,
    *,
    level: str,
    page: Path | None,
    replace: bool,
    as_json: bool,
    lang: str,
) -> None:
    """Compare the weights of two models.

    Each is a folder that holds submission.toml or model.toml, subfolders named
    like components, or the weights of one model; or one safetensors, GGUF or
    ONNX file; or the address of either (https://, s3://), of which only the
    ranges that are needed are fetched. Exits 0 where nothing was found, 3 for
    identical, derived or partial, 4 for refer or untestable.
    A screening decides nothing, writes no page and exits 0.
    """
    if level == "screen":
        print_screening((Path(candidate), Path(reference)), as_json=as_json, lang=lang)
        return
    from dokja.cli.lineage_progress import shown_reading
    from dokja.cli.lineage_view import show_comparison
    from dokja.evidence.canonical import canonical_bytes
    from dokja.settings import read_settings
    from dokja.wiring.comparing import compare_models
    from dokja.wiring.library import prepared_page

    write = None if page is None else prepared_page(page, replace=replace)
    with shown_reading() as on_step:
        report = compare_models(
            candidate, reference, settings=read_settings(), on_step=on_step
        )
    if as_json:
        click.echo(canonical_bytes(report))
    else:
        show_comparison(report, lang=lang)
    if page is not None and write is not None:
        from dokja.cli.lineage_page import comparison_page

        write(comparison_page(report, candidate, reference, page))
        click.echo(f"page  {page}", err=True)
    context.exit(_exit_code(report))


def _exit_code(report: LineageReport) -> int:
    from dokja.lineage import LineageVerdict

    if report.verdict is LineageVerdict.NO_EVIDENCE:
        return 0
    if report.verdict in (LineageVerdict.REFER, LineageVerdict.UNTESTABLE):
        return EXIT_OPEN
    return EXIT_ADVERSE
