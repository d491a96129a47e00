"""Two runs side by side as one frozen value, ready to be printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from dokja.benchmark.runs import asked_items, compare_runs
from dokja.benchmark.runs.values import AskedItem, PairedTask, RunSummary
from dokja.benchmark.values import OfficialRun, Suite
from dokja.evidence.values import Estimate, Text
from dokja.report.comparison import Reproduction
from dokja.report.figures import (
    Bounds,
    difference_figure,
    dumbbell_figure,
    reach_of,
)
from dokja.report.numerals import (
    fixed,
    percent,
    percent_interval,
    points_interval,
    signed_points,
)
from dokja.report.pieces import View
from dokja.report.runs.choosing import PAGE_BYTES, weight
from dokja.report.runs.items import ItemView, item_view, score_shown
from dokja.report.runs.passages import visible_words
from dokja.report.runs.tasks import LONGEST_NAME, shown_text
from dokja.report.runs.words import PAIR_DOES_NOT_SHOW, PAIR_SHOWS

SIDE_BY_SIDE = 32
"""Letters of both names that fit beside each other in the page's largest type."""
LEAST_P = 0.001


class DifferingView(View, frozen=True, kw_only=True):
    """An item that the two answered differently, with both answers."""

    left: ItemView
    right: ItemView
    better: str
    """`left` or `right`: whose score is higher."""
    scores: tuple[str, str]


class PairTaskView(View, frozen=True, kw_only=True):
    """One suite that both runs answered."""

    key: str
    number: int
    id: str
    title: Text
    scores: Markup
    left: str | None
    left_interval: str | None
    right: str | None
    right_interval: str | None
    difference: str | None
    difference_interval: str | None
    difference_figure: Markup | None
    p_value: str | None
    adjusted_p: str | None
    separated: bool | None
    needed: str | None
    items: int
    both: int
    neither: int
    only_left: int
    only_right: int
    alike_in_part: int
    """Items with the same score that is neither 0 nor 1."""
    method: str
    differing: tuple[DifferingView, ...]
    differing_count: int


class PairView(View, frozen=True, kw_only=True):
    """Everything the page of two runs prints."""

    left: str
    right: str
    is_stacked: bool
    sentence: Text
    tasks: tuple[PairTaskView, ...]
    apart: int
    left_out: tuple[tuple[str, Text], ...]
    sides: tuple[tuple[str, str, str], ...]
    """Subject, weights by digest and engine of each."""
    method: str
    shows: tuple[Text, ...]
    does_not_show: tuple[Text, ...]
    reproduction: Reproduction


def pair_view(
    runs: tuple[OfficialRun, OfficialRun],
    suites: Mapping[str, Suite],
    *,
    reproduction: Reproduction,
) -> PairView:
    """The page of two runs; `suites` by id, as the left run was asked.

    Raises: InvalidInput where no suite was answered by both.
    """
    found = compare_runs(*runs, suites)
    reach = reach_of([task.difference for task in found.tasks])
    budget, tasks = PAGE_BYTES, []
    for number, task in enumerate(found.tasks, start=1):
        sides = _differing(runs, suites[task.task], task)
        opened, budget = _affordable(sides, budget)
        tasks.append(
            _task(task, suites[task.task], opened, runs, number=number, reach=reach)
        )
    names = [visible_words(run.subject, most=LONGEST_NAME) for run in runs]
    return PairView(
        left=names[0],
        right=names[1],
        is_stacked=sum(map(len, names)) > SIDE_BY_SIDE,
        sentence=_sentence(found.tasks),
        tasks=tuple(tasks),
        apart=sum(task.separated is True for task in found.tasks),
        left_out=tuple(
            (visible_words(name, most=LONGEST_NAME), reason)
            for name, reason in found.left_out
        ),
        sides=tuple(_side(side) for side in (found.left, found.right)),
        method=found.method,
        shows=PAIR_SHOWS,
        does_not_show=PAIR_DOES_NOT_SHOW,
        reproduction=reproduction,
    )


def _side(side: RunSummary) -> tuple[str, str, str]:
    engine = visible_words(side.engine, most=1000)
    return visible_words(side.subject, most=LONGEST_NAME), side.model_digest, engine


def _sentence(tasks: Sequence[PairedTask]) -> Text:
    apart = sum(task.separated is True for task in tasks)
    count = len(tasks)
    if count == 1:
        return Text(
            "함께 답한 평가 묶음 하나가 두 모델을 "
            + ("구별합니다." if apart else "구별하지 못합니다."),
            "The one suite that both answered "
            + ("tells them apart." if apart else "does not tell them apart."),
        )
    return Text(
        f"함께 답한 평가 묶음 {count}개 가운데 {apart}개가 두 모델을 구별합니다.",
        f"Of {count} suites that both answered, {apart} "
        f"{'tells' if apart == 1 else 'tell'} them apart.",
    )


def _differing(
    runs: tuple[OfficialRun, OfficialRun], suite: Suite, task: PairedTask
) -> list[tuple[AskedItem, AskedItem]]:
    """Items of unequal scores, the widest gap first, then by order."""
    left, right = (
        {item.item.id: item for item in asked_items(run, suite)} for run in runs
    )
    ordered = sorted(
        enumerate(task.differing),
        key=lambda at: (-abs(at[1].left - at[1].right), at[0]),
    )
    return [(left[entry.item], right[entry.item]) for _, entry in ordered]


def _affordable(
    sides: Sequence[tuple[AskedItem, AskedItem]], budget: int
) -> tuple[list[tuple[AskedItem, AskedItem]], int]:
    opened = []
    for pair in sides:
        cost = sum(map(weight, pair))
        if cost > budget:
            break
        opened.append(pair)
        budget -= cost
    return opened, budget


def _task(
    task: PairedTask,
    suite: Suite,
    opened: Sequence[tuple[AskedItem, AskedItem]],
    runs: tuple[OfficialRun, OfficialRun],
    *,
    number: int,
    reach: float,
) -> PairTaskView:
    key = f"suite-{number}"
    header, title = suite.header, shown_text(task.title)
    bounds = Bounds(chance=header.chance, ceiling=header.ceiling)
    counted = task.both + task.neither + task.only_left + task.only_right
    found = task.difference
    return PairTaskView(
        key=key,
        number=number,
        id=visible_words(task.task, most=LONGEST_NAME),
        title=title,
        scores=dumbbell_figure(
            f"{key}-scores", (task.left, task.right), bounds, title=title
        ),
        left=_share(task.left),
        left_interval=_ends(task.left),
        right=_share(task.right),
        right_interval=_ends(task.right),
        difference=None if found is None else signed_points(found.value),
        difference_interval=points_interval(found),
        difference_figure=None
        if found is None
        else difference_figure(
            f"{key}-difference", found, reach=reach, title=_difference_title(title)
        ),
        p_value=_p_value(task.p_value),
        adjusted_p=_p_value(task.adjusted_p),
        separated=task.separated,
        needed=None
        if task.items_to_separate is None
        else f"{task.items_to_separate.value:,.0f}",
        items=len(suite.items),
        both=task.both,
        neither=task.neither,
        only_left=task.only_left,
        only_right=task.only_right,
        alike_in_part=0 if found is None else len(suite.items) - counted,
        method="" if found is None else found.method,
        differing=tuple(
            _pair(pair, runs, f"{key}-item-{at}") for at, pair in enumerate(opened, 1)
        ),
        differing_count=len(task.differing),
    )


def _pair(
    pair: tuple[AskedItem, AskedItem],
    runs: tuple[OfficialRun, OfficialRun],
    anchor: str,
) -> DifferingView:
    left, right = (
        item_view(
            asked,
            anchor=f"{anchor}-{side}",
            prices=run.prices,
        )
        for asked, run, side in zip(pair, runs, ("left", "right"), strict=True)
    )
    scores = [asked.score or 0.0 for asked in pair]
    return DifferingView(
        left=left,
        right=right,
        better="left" if scores[0] > scores[1] else "right",
        scores=(score_shown(scores[0]), score_shown(scores[1])),
    )


def _difference_title(title: Text) -> Text:
    return Text(f"차이, {title.ko}", f"Difference, {title.en}")


def _share(found: Estimate | None) -> str | None:
    return None if found is None else percent(found.value)


def _ends(found: Estimate | None) -> str | None:
    return None if found is None else percent_interval(found)


def _p_value(value: float | None) -> str | None:
    if value is None:
        return None
    return f"< {LEAST_P:g}" if value < LEAST_P else fixed(value, places=3)
