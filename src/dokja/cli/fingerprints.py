"""`dokja lineage fingerprint`, `library` and `scan`: which models to compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dokja.cli.options import json_option, lang_option

if TYPE_CHECKING:
    from dokja.evidence.values import Text
    from dokja.lineage.fingerprints import (
        ComponentCloseness,
        LibraryEntry,
        ScanReport,
        ScreenReport,
    )

EXIT_ADVERSE, EXIT_OPEN = 3, 4

WORDS = {
    "en": {
        "screen": "component|closeness|nearest field|equal tensors|layers",
        "scan": "rank|reference|closeness|component|nearest field|verdict",
        "list": "name|digest|weights",
        "title": "{}: closeness to {} is {:.3f}",
        "searched": "{} among {} references",
        "not compared": "not compared: {}",
        "tokenizer": "tokenizer: {:.0%} of the anchor tokens in common, apart from "
        "the closeness",
        "added": "{} stands in the library: {}",
        "would add": "{} would be added: {}",
        "holds": "{} fingerprints hold",
        "fails": "{}: {}",
        "written": "{} bytes written to {}",
        "would write": "{} bytes would be written to {}",
        "unknown": "not known",
    },
    "ko": {
        "screen": "구성요소|근접도|가장 가까운 항목|같은 텐서|층 대응",
        "scan": "순위|참조 모델|근접도|구성요소|가장 가까운 항목|판정",
        "list": "이름|다이제스트|가중치",
        "title": "{}: {}와의 근접도 {:.3f}",
        "searched": "{}, 참조 모델 {}개 중에서",
        "not compared": "비교하지 않음: {}",
        "tokenizer": "토크나이저: 기준 토큰의 {:.0%}가 같음(근접도에는 넣지 않음)",
        "added": "{}의 지문이 라이브러리에 있음: {}",
        "would add": "{}의 지문이 추가될 것임: {}",
        "holds": "지문 {}개가 모두 맞음",
        "fails": "{}: {}",
        "written": "{}바이트를 {}에 기록함",
        "would write": "{}바이트가 {}에 기록될 것임",
        "unknown": "알 수 없음",
    },
}
"""The words of the text output, by language."""

library_option = click.option(
    "--library",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder of the library.",
)
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Do everything but write."
)


@click.command()
@click.argument("model", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write instead of standard output.",
)
@dry_run_option
@json_option
@lang_option
def fingerprint(
    model: Path, *, out: Path | None, dry_run: bool, as_json: bool, lang: str
) -> None:
    """Make a model's fingerprint: a search key of at most 250 KB.

    Prints canonical JSON, or writes it with -o. Equal weights have equal
    bytes. A fingerprint decides nothing.
    """
    from dokja.cli.lineage_progress import shown_reading
    from dokja.evidence.canonical import canonical_bytes, digest_bytes
    from dokja.settings import read_settings
    from dokja.wiring.library import fingerprint_model

    with shown_reading() as on_step:
        found = fingerprint_model(
            model, name=None, settings=read_settings(), on_step=on_step
        )
    data = canonical_bytes(found)
    if out is None:
        click.echo(data, nl=False)
        return
    if not dry_run:
        out.write_bytes(data)
    if as_json:
        said = {"name": found.name, "digest": digest_bytes(data), "bytes": len(data)}
        click.echo(canonical_bytes(said))
    else:
        words = WORDS[lang]["would write" if dry_run else "written"]
        click.echo(words.format(len(data), out))


@click.group()
def library() -> None:
    """Keep fingerprints of known models, and check that they are unchanged."""


@library.command()
@click.argument("source", type=click.Path(path_type=Path))
@library_option
@click.option("--name", help="Another name than the model's own.")
@click.option("--weights", help="Folder or address of the weights, if not SOURCE.")
@dry_run_option
@json_option
@lang_option
def add(
    source: Path,
    *,
    folder: Path,
    name: str | None,
    weights: str | None,
    dry_run: bool,
    as_json: bool,
    lang: str,
) -> None:
    """Add a model's folder, or a file that holds its fingerprint."""
    from dokja.cli.lineage_progress import shown_reading
    from dokja.evidence.canonical import canonical_bytes
    from dokja.settings import read_settings
    from dokja.wiring.library import Addition, add_to_library

    addition = Addition(source=source, library=folder, name=name, weights=weights)
    with shown_reading() as on_step:
        entry = add_to_library(
            addition, settings=read_settings(), on_step=on_step, dry_run=dry_run
        )
    if as_json:
        click.echo(canonical_bytes(entry))
    else:
        words = WORDS[lang]["would add" if dry_run else "added"]
        click.echo(words.format(entry.name, entry.digest))


@library.command("list")
@library_option
@json_option
@lang_option
def list_(folder: Path, *, as_json: bool, lang: str) -> None:
    """List what the library holds."""
    from dokja.evidence.canonical import canonical_bytes
    from dokja.wiring.library import list_library

    index = list_library(folder)
    if as_json:
        click.echo(canonical_bytes(index))
        return
    _print_table(
        WORDS[lang]["list"], [_entry_cells(entry, lang) for entry in index.entries]
    )


@library.command()
@library_option
@click.option(
    "--models",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="Folder of models, each under its name: make every fingerprint again.",
)
@json_option
@lang_option
@click.pass_context
def verify(
    context: click.Context,
    *,
    folder: Path,
    models: Path | None,
    as_json: bool,
    lang: str,
) -> None:
    """Check that every fingerprint is the one that was added.

    Exits 3 where something does not hold.
    """
    from dokja.cli.lineage_progress import shown_reading
    from dokja.evidence.canonical import canonical_bytes
    from dokja.settings import read_settings
    from dokja.wiring.library import list_library, verify_library

    with shown_reading() as on_step:
        faults = verify_library(
            folder, models=models, settings=read_settings(), on_step=on_step
        )
    if as_json:
        click.echo(canonical_bytes({"faults": faults}))
    elif not faults:
        count = len(list_library(folder).entries)
        click.echo(WORDS[lang]["holds"].format(count))
    else:
        for fault in faults:
            said = _said(fault.fact, lang)
            click.echo(WORDS[lang]["fails"].format(fault.subject, said))
    context.exit(EXIT_ADVERSE if faults else 0)


@click.command()
@click.argument("model", type=click.Path(path_type=Path))
@library_option
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="How many of the nearest references are compared in full.",
)
@json_option
@lang_option
@click.pass_context
def scan(
    context: click.Context,
    model: Path,
    *,
    folder: Path,
    top: int,
    as_json: bool,
    lang: str,
) -> None:
    """Search a library for the models nearest to one, and compare those in full.

    Exits as `compare` does: 0 where nothing was found, 3 for identical, derived
    or partial, 4 for refer, untestable, or a near reference not compared.
    """
    from dokja.cli.lineage_progress import shown_reading
    from dokja.evidence.canonical import canonical_bytes
    from dokja.settings import read_settings
    from dokja.wiring.library import scan_library

    with shown_reading() as on_step:
        report = scan_library(
            model, folder, top=top, settings=read_settings(), on_step=on_step
        )
    if as_json:
        click.echo(canonical_bytes(report))
    else:
        _print_scan(report, lang)
    context.exit(_scan_code(report))


def print_screening(models: tuple[Path, Path], *, as_json: bool, lang: str) -> None:
    """Nothing; prints how close two models' fingerprints are."""
    from dokja.cli.lineage_progress import shown_reading
    from dokja.evidence.canonical import canonical_bytes
    from dokja.settings import read_settings
    from dokja.wiring.library import screen_models

    with shown_reading() as on_step:
        report = screen_models(*models, settings=read_settings(), on_step=on_step)
    if as_json:
        click.echo(canonical_bytes(report))
    else:
        _print_screening(report, lang)


def _scan_code(report: ScanReport) -> int:
    from dokja.lineage import LineageVerdict

    open_ones = (None, LineageVerdict.REFER, LineageVerdict.UNTESTABLE)
    verdicts = [row.verdict for row in report.rows]
    if any(v not in (*open_ones, LineageVerdict.NO_EVIDENCE) for v in verdicts):
        return EXIT_ADVERSE
    return EXIT_OPEN if any(v in open_ones for v in verdicts) else 0


def _print_screening(report: ScreenReport, lang: str) -> None:
    words = WORDS[lang]
    title = words["title"].format(report.candidate, report.reference, report.closeness)
    click.echo(title)
    rows = []
    for component in report.components:
        near = _nearest_field(component)
        equal = f"{component.shared_digests}/{component.compared_digests}"
        pairs = " ".join(f"{p.candidate}-{p.reference}" for p in component.layer_pairs)
        rows.append(
            [component.name, f"{component.closeness:.3f}", near, equal, pairs or "–"]
        )
    _print_table(words["screen"], rows)
    if report.tokenizer is not None:
        click.echo(words["tokenizer"].format(report.tokenizer))
    click.echo(_said(report.meaning, lang))


def _print_scan(report: ScanReport, lang: str) -> None:
    words, rows, notes = WORDS[lang], [], []
    click.echo(words["searched"].format(report.candidate, report.references))
    for row in report.rows:
        near = max(row.components, key=lambda c: c.closeness, default=None)
        rows.append(
            [
                str(row.rank),
                row.name,
                f"{row.closeness:.3f}",
                near.name if near and near.closeness > 0 else "–",
                _nearest_field(near) if near else "–",
                row.verdict.value if row.verdict else "–",
            ]
        )
        if row.not_compared is not None:
            said = words["not compared"].format(_said(row.not_compared, lang))
            notes.append(f"{row.name}: {said}")
    _print_table(words["scan"], rows)
    for line in (*notes, _said(report.meaning, lang)):
        click.echo(line)


def _nearest_field(component: ComponentCloseness) -> str:
    """The field that stands out most, with its similarity; a dash where none does."""
    field = max(component.fields, key=lambda f: f.similarity - 4 * f.spread)
    stands_out = component.closeness > 0
    return f"{field.field} {field.similarity:.2f}" if stands_out else "–"


def _entry_cells(entry: LibraryEntry, lang: str) -> list[str]:
    return [entry.name, entry.digest, entry.weights or WORDS[lang]["unknown"]]


def _print_table(heads: str, rows: list[list[str]]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(*heads.split("|"), box=None, pad_edge=False)
    for cells in rows:
        table.add_row(*map(escape, cells))
    Console(highlight=False).print(table)


def _said(text: Text, lang: str) -> str:
    return text.ko if lang == "ko" else text.en
