"""What a claim on an aspect adds where the gate is decided on a dossier."""

from __future__ import annotations

from collections.abc import Iterator

from dokja.evidence.values import Check, Text
from dokja.independence.items.questions import ITEMS
from dokja.independence.values import AspectFinding, IndependenceFinding
from dokja.report.pieces import Fact, same
from dokja.report.sections.dossier import opinion_shown, place_shown
from dokja.report.wording import CHECK, component_kind

_OPINION = Text("전문가 의견", "Experts' opinion")
_WAITS = Text("처리 중인 의혹 제기", "Allegations under way")


def check_rows(finding: IndependenceFinding, aspect: AspectFinding) -> Iterator[Fact]:
    """A row for each check; for items with question, evidence and what was added."""
    places = {one.id: one.evidence for one in finding.items}
    for check in aspect.checks:
        found = ", ".join(map(place_shown, places.get(check.id, ())))
        value = check.detail
        if check.id in places:
            asked, detail = ITEMS[check.id].question, check.detail
            ends = f" [{found}]" if found else ""
            value = Text(
                f"{asked.ko} — {detail.ko}{ends}", f"{asked.en} — {detail.en}{ends}"
            )
        yield Fact(label=_label(check), value=value)
    if aspect.opinion is not None:
        yield Fact(label=_OPINION, value=opinion_shown(aspect.opinion))
    if aspect.waits_for:
        yield Fact(label=_WAITS, value=same(", ".join(aspect.waits_for)))


def tier_rows(finding: IndependenceFinding, aspect: AspectFinding) -> Iterator[Fact]:
    """The tier of every record, beside an aspect whose items rest on records."""
    if not any(check.id.startswith("tech-") for check in aspect.checks):
        return
    for one in finding.tiers:
        part = component_kind(one.component)
        yield Fact(
            label=Text(f"{part.ko} · {one.tier}", f"{part.en} · {one.tier}"),
            value=one.meaning,
        )


def _label(check: Check) -> Text:
    words = CHECK[check.result]
    return Text(f"{check.id} · {words.ko}", f"{check.id} · {words.en}")
