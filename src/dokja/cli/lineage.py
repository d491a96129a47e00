"""`dokja lineage`: compares weights component by component."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from dokja.lineage import ComponentLineage, LineageReport

BLOCK_BYTES = 16 << 20
EXIT_ADVERSE, EXIT_OPEN, EXIT_FORESEEN = 3, 4, 5


@click.group()
def lineage() -> None:
    """Do these weights descend from those, component by component?"""


@lineage.command()
@click.argument("candidate", type=click.Path(path_type=Path))
@click.argument("reference", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the canonical report.")
def compare(candidate: Path, reference: Path, *, as_json: bool) -> None:
    """Compare the weights in two folders.

    Each folder holds submission.toml or model.toml, subfolders named like
    components, or the safetensors files of one model. Exits 0 where nothing
    was found, 3 for identical, derived or partial, 4 for refer or untestable.
    """
    from dokja.errors import DokjaError

    try:
        report = _compared(candidate, reference)
    except DokjaError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(EXIT_FORESEEN)
    if as_json:
        from dokja.evidence.canonical import canonical_bytes

        sys.stdout.buffer.write(canonical_bytes(report) + b"\n")
    else:
        _print_report(report)
    sys.exit(_exit_code(report))


def _compared(candidate: Path, reference: Path) -> LineageReport:
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    from dokja.adapters.weights import find_subject
    from dokja.lineage import compare_lineage, shipped_rules

    mine = find_subject(candidate, block_bytes=BLOCK_BYTES)
    theirs = find_subject(reference, block_bytes=BLOCK_BYTES)
    shared = mine.components.keys() & theirs.components.keys()
    # One BLAS thread: sums in another order would change the last digits.
    with threadpool_limits(limits=1), _progress() as on_tensor:
        return compare_lineage(
            mine,
            theirs,
            rules=shipped_rules(),
            seed_text=f"{mine.name} against {theirs.name}",
            searched=len(shared),
            on_tensor=on_tensor,
        )


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


def _print_report(report: LineageReport) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    names = f"{report.candidate} against {report.reference}"
    console.print(f"[bold]{escape(names)}: {report.verdict.value}[/bold]")
    table = Table("component", "verdict", "relation", "explained", "layers", "evidence")
    for component in report.components:
        table.add_row(
            component.name,
            component.verdict.value,
            component.relation.value if component.relation else "–",
            _share(component.explained_share),
            _layers(component),
            escape(_evidence(component)),
        )
    console.print(table)
    for component in report.components:
        console.print(f"{component.name}: {escape(component.reason.en)}")
        console.print(f"  {escape(component.reason.ko)}")
    console.print(escape(report.limits.en), style="dim")
    console.print(escape(report.limits.ko), style="dim")


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _layers(component: ComponentLineage) -> str:
    return " ".join(
        "·" if layer is None else str(layer) for layer in component.layer_map
    )


def _evidence(component: ComponentLineage) -> str:
    """One line a test, the effect beside its largest known stranger."""
    lines = []
    for test in component.tests:
        if test.effect is None:
            lines.append(f"{test.id} {test.tensor_class.value}: {test.reason}")
            continue
        parts = [f"{test.id} {test.tensor_class.value} effect {test.effect:.3f}"]
        if test.controls_negative:
            parts.append(f"(strangers at most {max(test.controls_negative):.3f})")
        if test.p_value is not None:
            parts.append(f"p {test.p_value:.1e}")
        lines.append(" ".join(parts))
    if component.detection_limit is not None:
        lines.append(f"would have seen a share of {component.detection_limit:.1%}")
    return "\n".join(lines)
