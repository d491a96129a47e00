"""`dokja lineage decompose`: which parents a model mixes, with what weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from dokja.cli.options import json_option, lang_option

if TYPE_CHECKING:
    from rich.console import Console

    from dokja.lineage.decomposition import (
        ComponentDecomposition,
        DecompositionReport,
        ParentWeight,
        PartFit,
    )

EXIT_ADVERSE, EXIT_OPEN = 3, 4
WHOLE = {"en": "all", "ko": "전체"}
OUTSIDE = {"en": "outside layers", "ko": "층 밖"}
HEADS = {
    "en": ("layer", "best alone", "all parents", "made of"),
    "ko": ("층", "최선의 한 부모", "모든 부모", "구성"),
}
LAYER = {"en": "{parent}, layer {layer}", "ko": "{parent} {layer}층"}
WORDS = {
    "en": {},
    "ko": {
        "merged": "병합됨",
        "one_parent": "한 부모만 나타남",
        "no_parent": "나타나는 부모 없음",
        "undetermined": "판정 불가",
        "weighted": "가중 평균",
        "by_layer": "층별 선택",
        "both": "가중 평균과 층별 선택",
    },
}
"""What stands beside a machine word, by language."""
LEGEND = {
    "en": "Weights with 95 % intervals; * marks a parent that is used. Shares are of "
    "the sum of squares that the best parent alone, and all together, explain.",
    "ko": "가중치와 95 % 구간. *는 쓰인 것으로 나타난 부모 모델. 비율은 최선의 한 "
    "부모와 모든 부모가 각각 설명하는 제곱합의 몫.",
}
CONTROLS = {
    "en": "Controls: rows shuffled, a parent got at most {stranger}; planted weights "
    "were found to within {planted}.",
    "ko": "대조: 행을 뒤섞은 부모가 얻은 가중치는 최대 {stranger}, 심어 둔 가중치는 "
    "{planted} 안에서 되찾음.",
}


@click.command()
@click.argument("candidate")
@click.argument("parents", nargs=-1, required=True, metavar="PARENT PARENT...")
@click.option("--ancestor", help="The model that the parents were trained from.")
@json_option
@lang_option
@click.pass_context
def decompose(
    context: click.Context,
    candidate: str,
    parents: tuple[str, ...],
    *,
    ancestor: str | None,
    as_json: bool,
    lang: str,
) -> None:
    """Find which of two or more parents a model mixes, and with what weights.

    Models are given as for `compare`. Parents that were trained from one model
    are told apart better where it is named as --ancestor. Exits 3 where a
    mixture or one parent shows, 0 where no parent shows, 4 where that cannot be
    told. No exit code speaks of independence: `compare` sees more.
    """
    from dokja.cli.lineage_progress import shown_reading
    from dokja.evidence.canonical import canonical_bytes
    from dokja.settings import read_settings
    from dokja.wiring.library import decompose_model

    with shown_reading() as on_step:
        report = decompose_model(
            candidate,
            parents,
            ancestor=ancestor,
            settings=read_settings(),
            on_step=on_step,
        )
    if as_json:
        click.echo(canonical_bytes(report))
    else:
        show_decomposition(report, lang=lang)
    context.exit(_exit_code(report))


def _exit_code(report: DecompositionReport) -> int:
    from dokja.lineage.decomposition import DecompositionVerdict

    if report.verdict is DecompositionVerdict.UNDETERMINED:
        return EXIT_OPEN
    return 0 if report.verdict is DecompositionVerdict.NO_PARENT else EXIT_ADVERSE


def show_decomposition(report: DecompositionReport, *, lang: str) -> None:
    """Prints verdict, weights by layer and limits, component by component."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    names = f"{report.candidate} = {' + '.join(report.parents)} ?"
    console.print(f"[bold]{escape(names)} {_word(report.verdict, lang)}[/bold]")
    for component in report.components:
        words = [component.verdict, *([component.form] if component.form else [])]
        shown = ", ".join(_word(word, lang) for word in words)
        console.print(f"\n[bold]{escape(component.name)}: {shown}[/bold]")
        console.print(escape(getattr(component.reason, lang)))
        if component.whole is not None:
            _show_parts(console, component, report.parents, lang)
    console.print("\n" + LEGEND[lang], style="dim")
    console.print(escape(getattr(report.limits, lang)), style="dim")


def _show_parts(
    console: Console,
    component: ComponentDecomposition,
    parents: tuple[str, ...],
    lang: str,
) -> None:
    from rich.markup import escape
    from rich.table import Table

    first, *rest = HEADS[lang]
    table = Table(box=None, pad_edge=False)
    for head in (first, *map(escape, parents), *rest):
        table.add_column(head)
    for part, made_of in _rows(component):
        if part.reason is not None:
            table.add_row(_layer(part, lang), escape(getattr(part.reason, lang)))
            continue
        sources = (_source(w, part, lang) for w in part.weights if w.parent in made_of)
        table.add_row(
            _layer(part, lang),
            *map(_weight, part.weights),
            _share(part.explained_single),
            _share(part.explained_joint),
            escape(" + ".join(sources)) or "–",
        )
    console.print(table)
    whole = component.whole
    if whole is not None and whole.control_weight is not None:
        controls = CONTROLS[lang].format(
            stranger=f"{whole.control_weight:.4f}", planted=f"{whole.planted_error:.4f}"
        )
        console.print(controls, style="dim")


def _rows(
    component: ComponentDecomposition,
) -> Iterator[tuple[PartFit, tuple[str, ...]]]:
    yield from zip(component.layers, component.layer_parents, strict=True)
    if component.whole is not None and len(component.layers) > 1:
        yield component.whole, ()


def _word(word: str, lang: str) -> str:
    beside = WORDS[lang].get(word)
    return f"{word} ({beside})" if beside else word


def _layer(part: PartFit, lang: str) -> str:
    if part.layer is None:
        return WHOLE[lang]
    return OUTSIDE[lang] if part.layer < 0 else str(part.layer)


def _source(found: ParentWeight, part: PartFit, lang: str) -> str:
    """The parent, with its layer where that is not the candidate's own."""
    if found.layer is None or found.layer == part.layer:
        return found.parent
    return LAYER[lang].format(parent=found.parent, layer=found.layer)


def _weight(found: ParentWeight) -> str:
    if found.weight is None or found.low is None or found.high is None:
        return "–"
    star = "*" if found.used else ""
    return f"{found.weight:.3f}{star} ({found.low:.3f} – {found.high:.3f})"


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"
