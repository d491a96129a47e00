"""`dokja submission bom` and `licences`: what it is made of, and on what terms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dokja.cli.options import json_option, lang_option

if TYPE_CHECKING:
    from dokja.submission.bom import LicenceReport
    from dokja.wiring.licences import ReadBill

EXIT_ADVERSE, EXIT_OPEN = 3, 4
FORMATS = ("cyclonedx", "spdx", "croissant", "eu-summary", "notice")

_folder = click.argument(
    "folder", type=click.Path(path_type=Path), metavar="SUBMISSION"
)


@click.command()
@_folder
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    required=True,
    help="What to write; the first three are JSON by their own rules.",
)
@click.option(
    "--created",
    help="When the document was made, in UTC: 2026-01-31T09:00:00Z. spdx needs it.",
)
@json_option
@lang_option
def bom(
    folder: Path, *, form: str, created: str | None, as_json: bool, lang: str
) -> None:
    """Print what the submission in SUBMISSION is made of.

    cyclonedx is 1.6, spdx 3.0.1, croissant 1.1. eu-summary is a draft of the
    public summary of training content, notice a draft of a NOTICE: both are text
    unless --json is given. What nobody declared is said to be missing. The same
    submission gives the same bytes.
    """
    from dokja.evidence.canonical import canonical_bytes

    read = _read(folder)
    if form == "eu-summary" and not as_json:
        click.echo(_summary(read, lang), nl=False)
    elif form == "notice" and not as_json:
        click.echo(_notice(read, lang), nl=False)
    else:
        click.echo(canonical_bytes(_document(read, form, created)))


@click.command()
@_folder
@json_option
@lang_option
@click.pass_context
def licences(context: click.Context, folder: Path, *, as_json: bool, lang: str) -> None:
    """Say whether the licences in SUBMISSION go together, and what they ask.

    Exits 3 for a conflict or a licence that is not named, 4 where people have to
    look, 0 otherwise. It is no legal advice.
    """
    from dokja.cli.licence_view import show_licences
    from dokja.evidence.canonical import canonical_bytes

    report = _read(folder).report
    if as_json:
        click.echo(canonical_bytes(report))
    else:
        show_licences(report, lang=lang)
    context.exit(_exit_code(report))


def _read(folder: Path) -> ReadBill:
    from dokja.cli.progress import shown_progress
    from dokja.settings import read_settings
    from dokja.wiring.licences import read_bill

    with shown_progress() as on_step:
        return read_bill(folder, settings=read_settings(), on_step=on_step)


def _document(read: ReadBill, form: str, created: str | None) -> object:
    from dokja import __version__
    from dokja.submission.bom import (
        croissant_of,
        cyclonedx_of,
        notice_of,
        spdx_of,
        summary_of,
    )

    if form == "cyclonedx":
        return cyclonedx_of(read.bill, made_by=__version__, created=created)
    if form == "spdx":
        return spdx_of(read.bill, made_by=__version__, created=created)
    if form == "croissant":
        return croissant_of(read.bill, created=created)
    if form == "notice":
        return notice_of(read.bill, read.report, read.tables)
    return summary_of(read.bill)


def _summary(read: ReadBill, lang: str) -> str:
    from dokja.submission.bom import summary_of, summary_page

    return summary_page(summary_of(read.bill), lang=lang)


def _notice(read: ReadBill, lang: str) -> str:
    from dokja.submission.bom import notice_of, notice_page

    return notice_page(notice_of(read.bill, read.report, read.tables), lang=lang)


def _exit_code(report: LicenceReport) -> int:
    from dokja.evidence.values import CheckResult

    results = {check.result for check in report.checks}
    if CheckResult.FAIL in results:
        return EXIT_ADVERSE
    if results & {CheckResult.INCONCLUSIVE, CheckResult.NOT_RUN}:
        return EXIT_OPEN
    return 0
