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
    from dokja.evidence.values import Text
    from dokja.lineage import ComponentLineage, LineageReport

EXIT_ADVERSE, EXIT_OPEN = 3, 4

WORDS = {
    "en": {
        "heads": "component|verdict|relation|explained|layers",
        "equal": "{:.0%} of the tensors equal in bytes",
        "effect": "effect {:.3f}",
        "strangers": ", known strangers at most {:.3f}",
        "limit": "a share of {:.1%} or more would have been called derived",
    },
    "ko": {
        "heads": "구성요소|판정|관계|설명 비율|층 대응",
        "equal": "바이트가 같은 텐서 {:.0%}",
        "effect": "효과 {:.3f}",
        "strangers": ", 무관한 대조군 최대 {:.3f}",
        "limit": "{:.1%} 이상이 섞였다면 파생으로 판정되었을 것임",
    },
}
"""The words of the text output, by language."""


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
    from dokja.wiring import compare_models

    with reading_progress() as on_tensor:
        report = compare_models(
            candidate, reference, settings=read_settings(), on_tensor=on_tensor
        )
    if as_json:
        click.echo(canonical_bytes(report))
    else:
        _print_report(report, lang)
    context.exit(_exit_code(report))


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

    console, words = Console(highlight=False), WORDS[lang]
    names = f"{report.candidate} – {report.reference}"
    console.print(f"[bold]{escape(names)}: {report.verdict.value}[/bold]")
    table = Table(*words["heads"].split("|"), box=None, pad_edge=False)
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
        console.print(f"\n[bold]{component.name}[/bold]")
        console.print(escape(_said(component.reason, lang)))
        for line in _evidence(component, lang):
            console.print(f"  {escape(line)}")
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
    words, lines = WORDS[lang], []
    for test in component.tests:
        name = f"{test.id} {test.tensor_class.value}"
        if test.effect is None:
            lines.append(f"{name}: {_said(test.reason, lang) if test.reason else '–'}")
        elif test.id == "T6":
            lines.append(f"{name}: " + words["equal"].format(test.effect))
        else:
            line = f"{name}: " + words["effect"].format(test.effect)
            if test.controls_negative:
                line += words["strangers"].format(max(test.controls_negative))
            if test.p_value is not None:
                line += f", p {test.p_value:.1e}"
            lines.append(line)
    if component.detection_limit is not None:
        lines.append(words["limit"].format(component.detection_limit))
    return lines
