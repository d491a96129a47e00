"""A dossier on the screen: items, tiers, claims, and what stays unproven."""

from __future__ import annotations

from operator import attrgetter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dokja.evidence.values import Text
from dokja.independence.items.questions import ITEMS
from dokja.independence.report_dossier import DossierReport
from dokja.independence.served.values import ServedReport

_TIERS = Text(ko="학습 기록의 증거 등급", en="Tiers of the training records")
_CLAIMS = Text(ko="공개 주장", en="Public claims")
_UNPROVEN = Text(
    ko="학습 기록으로 알 수 없는 것", en="What no training record can prove"
)
_ASPECT = Text(
    ko="{}: 부적합 {} · 미정 {} · 충족 {}", en="{}: failed {} · open {} · met {}"
)
_NO_FINDING = Text(
    ko="소명을 듣기 전의 증거 목록이며 독자성 판단이 아닙니다.",
    en="Evidence before anybody was heard on it; no finding on independence.",
)
_AGREEMENT = Text(ko="온도 0에서 같은 답변의 비율", en="equal answers at temperature 0")
_DISTANCE = Text(
    ko="뽑은 답변의 거리(대조 모델까지의 거리 = 1)",
    en="distance of drawn answers (to the control model = 1)",
)
_P_VALUES = Text(ko="p값: 서버 {}, 대조 모델 {}", en="p-values: served {}, control {}")


def show_dossier(report: DossierReport, *, lang: str) -> None:
    """Nothing; prints the dossier in one language."""
    console, say = Console(highlight=False), attrgetter(lang)
    table = Table(box=None, pad_edge=False, show_header=False)
    for column in ("nowrap", "nowrap", "wrap"):
        table.add_column(no_wrap=column == "nowrap")
    for one in report.items:
        words = f"{say(ITEMS[one.id].question)}\n[dim]{escape(say(one.detail))}[/]"
        table.add_row(one.id, one.result.value, words)
    console.print(f"[bold]{escape(report.team)}[/] {report.root}")
    console.print(table)
    console.print(f"[bold]{say(_TIERS)}[/]")
    for tier in report.tiers:
        console.print(f"- {tier.component} {tier.tier} · {say(tier.meaning)}")
    if report.claims:
        console.print(f"[bold]{say(_CLAIMS)}[/]")
    for view in report.claims:
        words = f"{escape(say(view.claim.said))} ({escape(view.claim.where)})"
        console.print(f"- {view.standing.value} {view.tier} · {words}")
    for aspect in report.aspects:
        parts = (aspect.failed, aspect.open, aspect.accepted)
        shown = (", ".join(part) or "-" for part in parts)
        console.print(say(_ASPECT).format(aspect.aspect, *shown))
    console.print(f"[bold]{say(_UNPROVEN)}[/]")
    for limit in report.unproven:
        console.print(f"- {say(limit)}")
    console.print(say(_NO_FINDING))


def show_served(report: ServedReport, *, lang: str) -> None:
    """Nothing; prints what the answers say of an endpoint in one language."""
    console, say = Console(highlight=False), attrgetter(lang)
    console.print(f"[bold]{escape(report.team)}[/] {report.result.value}")
    console.print(say(report.reason))
    for name, found in ((_AGREEMENT, report.agreement), (_DISTANCE, report.distance)):
        ends = f"{found.low:.2f}-{found.high:.2f}"
        console.print(f"- {say(name)}: {found.value:.2f} ({ends}, n={found.n})")
    p_values = say(_P_VALUES).format(report.p_value, report.control_p_value)
    console.print(f"- {p_values}, n={report.prompts}x{report.draws}")
    console.print(say(report.limits))
