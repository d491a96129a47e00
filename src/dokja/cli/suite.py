"""`dokja suite`: look into a suite, convert, write and freeze one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dokja.cli.options import json_option, lang_option

if TYPE_CHECKING:
    from dokja.benchmark.values import SuiteManifest

SHOW_SCHEMA = "dokja-suite/1"
WRITTEN_SCHEMA = "dokja-suite-manifest/1"
DEFINITIONS_SCHEMA = "dokja-suite-definitions/1"
_folder = click.Path(file_okay=False, path_type=Path)
_new_folder = click.option(
    "--out", type=_folder, required=True, help="New folder, which is frozen."
)
_beacon = click.option(
    "--beacon", default="", help="Draw a fresh set of a generated suite with this."
)
_tokenizer = click.option(
    "--tokenizer",
    type=_folder,
    help="Folder of the model whose tokens measure the suite's length.",
)


@click.group()
def suite() -> None:
    """Show, convert, write and freeze suites."""


@suite.command()
@click.argument("name", metavar="SUITE")
@click.option(
    "--items",
    "count",
    type=click.IntRange(min=0),
    default=2,
    show_default=True,
    help="How many items to show, from the first.",
)
@_beacon
@_tokenizer
@json_option
@lang_option
def show(
    name: str,
    *,
    count: int,
    beacon: str,
    tokenizer: Path | None,
    as_json: bool,
    lang: str,
) -> None:
    """Show what SUITE is, and its first items.

    SUITE is one that `benchmark list` names, or a folder with suite.toml, which
    is checked against its manifest.
    """
    from dokja.cli.suite_view import show_suite
    from dokja.evidence.canonical import canonical_bytes, digest_of
    from dokja.wiring.suites import count_tokens, open_suite

    counter = None if tokenizer is None else count_tokens(tokenizer)
    found = open_suite(name, beacon=beacon, counter=counter)
    if as_json:
        fields = {
            "schema": SHOW_SCHEMA,
            "digest": digest_of(found),
            "header": found.header,
            "items": found.items[:count],
        }
        click.echo(canonical_bytes(fields))
    else:
        show_suite(found, count, lang=lang)


@suite.command()
@json_option
@lang_option
def definitions(*, as_json: bool, lang: str) -> None:
    """List the published sets whose own files can be converted.

    The files themselves do not travel with Dokja: an office gets them under
    the terms of the set.
    """
    from dokja.cli.suite_view import show_definitions
    from dokja.evidence.canonical import canonical_bytes
    from dokja.wiring.suites import shipped_definitions

    found = tuple(shipped_definitions().values())
    if as_json:
        fields = {"schema": DEFINITIONS_SCHEMA, "definitions": found}
        click.echo(canonical_bytes(fields))
    else:
        show_definitions(found, lang=lang)


@suite.command()
@click.argument("definition")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_new_folder
@click.option("--scoring", help="One of the definition's own.  [default: its first]")
@json_option
@lang_option
def convert(
    definition: str,
    file: Path,
    *,
    out: Path,
    scoring: str | None,
    as_json: bool,
    lang: str,
) -> None:
    """Make a frozen suite of a local FILE of a published set.

    DEFINITION is one that `suite definitions` names, or the path of your own.
    FILE is Parquet, JSON lines (also packed with gzip) or CSV in the set's own
    columns. A row that cannot become an item is left out, with the reason.
    """
    from dokja.cli.suite_view import show_left_out
    from dokja.wiring.suites import convert_file, find_scoring, keep_suite

    made = convert_file(definition, file, scoring=find_scoring(scoring))
    manifest = keep_suite(made.suite, out, made.media)
    if not as_json:
        show_left_out(made.left_out, lang=lang)
    _print_written(manifest, out, as_json=as_json)


@suite.command()
@click.argument("name", metavar="SUITE")
@_new_folder
@_beacon
@_tokenizer
@json_option
def write(
    name: str, *, out: Path, beacon: str, tokenizer: Path | None, as_json: bool
) -> None:
    """Write SUITE as a frozen folder, so that it can be archived as it was asked.

    Items of an installed package whose terms are unclear are refused.
    """
    from dokja.wiring.suites import (
        count_tokens,
        keep_suite,
        open_suite,
        require_copying,
    )

    require_copying(name)
    counter = None if tokenizer is None else count_tokens(tokenizer)
    found = open_suite(name, beacon=beacon, counter=counter)
    _print_written(keep_suite(found, out), out, as_json=as_json)


@suite.command()
@click.argument("folder", type=_folder)
@json_option
def freeze(folder: Path, *, as_json: bool) -> None:
    """Freeze the suite in FOLDER: from now on, any change is noticed."""
    from dokja.wiring.suites import freeze_suite

    _print_written(freeze_suite(folder), folder, as_json=as_json)


def _print_written(manifest: SuiteManifest, folder: Path, *, as_json: bool) -> None:
    from dokja.evidence.canonical import canonical_bytes

    if as_json:
        fields = {"schema": WRITTEN_SCHEMA, "manifest": manifest}
        click.echo(canonical_bytes(fields))
        return
    click.echo(f"{manifest.id} {manifest.version}  {folder}")
    click.echo(f"suite {manifest.suite}")
    click.echo(f"files {manifest.root}")
