"""`dokja lineage`: compares weights component by component."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dokja.cli.options import json_option, lang_option

if TYPE_CHECKING:
    from dokja.evidence.values import Text
    from dokja.lineage import ComponentLineage, LineageReport

EXIT_ADVERSE, EXIT_OPEN = 3, 4


@click.group()
def lineage() -> None:
    """Do these weights descend from those, component by component?"""


@lineage.command()
@click.argument("candidate", type=click.Path(path_type=Path))
@click.argument("reference", type=click.Path(path_type=Path))
@json_option
@lang_option
@click.pass_context
def compare(
    context: click.Context,
    candidate: Path,
    reference: Path,
    *,
    as_json: bool,
    lang: str,
) -> None:
    """Compare the weights in two folders.

    Each folder holds submission.toml or model.toml, subfolders named like
    components, or the safetensors files of one model. Exits 0 where nothing
    was found, 3 for identical, derived or partial, 4 for refer or untestable.
    """
    from dokja.evidence.canonical import canonical_bytes
    from dokja.settings import read_settings
    from dokja.wiring import compare_models

    with _progress() as on_tensor:
        report = compare_models(
            candidate, reference, settings=read_settings(), on_tensor=on_tensor
        )
    if as_json:
        click.echo(canonical_bytes(report))
    else:
        _print_report(report, lang)
    context.exit(_exit_code(report))


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """What to call with each tensor's name; draws on stderr if a terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    with console.status("reading") as status:
        yield lambda name: status.update(f"reading {name}")


def _exit_code(report: LineageReport) -> int:
    from dokja.lineage import LineageVerdict

    if report.verdict is LineageVerdict.NO_EVIDENCE:
        return 0
    if report.verdict in (LineageVerdict.REFER, LineageVerdict.UNTESTABLE):
        return EXIT_OPEN
    return EXIT_ADVERSE


def _print_report(report: LineageReport, lang: str) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    names = f"{report.candidate} against {report.reference}"
    console.print(f"[bold]{escape(names)}: {report.verdict.value}[/bold]")
    table = Table("component", "verdict", "relation", "explained", "layers")
    for component in report.components:
        table.add_row(
            component.name,
            component.verdict.value,
            component.relation.value if component.relation else "–",
            _share(component.explained_share),
            _layers(component),
        )
    console.print(table)
    for component in report.components:
        console.print(f"\n[bold]{component.name}[/bold]", highlight=False)
        console.print(escape(_said(component.reason, lang)))
        for line in _evidence(component, lang):
            console.print(f"  {escape(line)}", highlight=False)
    console.print("\n" + escape(_said(report.limits, lang)), style="dim")


def _said(text: Text, lang: str) -> str:
    return text.ko if lang == "ko" else text.en


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _layers(component: ComponentLineage) -> str:
    return " ".join(
        "·" if layer is None else str(layer) for layer in component.layer_map
    )


def _evidence(component: ComponentLineage, lang: str) -> list[str]:
    """One line a test, the effect beside its largest known stranger."""
    lines = []
    for test in component.tests:
        name = f"{test.id} {test.tensor_class.value}"
        if test.effect is None:
            reason = _said(test.reason, lang) if test.reason else "–"
            lines.append(f"{name}: {reason}")
        elif test.id == "T6":
            lines.append(f"{name}: {test.effect:.0%} of the tensors equal in bytes")
        else:
            line = f"{name}: effect {test.effect:.3f}"
            if test.controls_negative:
                line += f", known strangers at most {max(test.controls_negative):.3f}"
            if test.p_value is not None:
                line += f", p {test.p_value:.1e}"
            lines.append(line)
    if component.detection_limit is not None:
        limit = component.detection_limit
        lines.append(f"a share of {limit:.1%} or more would have been called derived")
    return lines
