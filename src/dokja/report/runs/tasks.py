"""One suite of a run: its score drawn, and every item of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from dokja.benchmark.runs.values import AskedItem, TaskResult, Timing, Unscored
from dokja.benchmark.values import PriceList, SuiteHeader
from dokja.evidence.values import Text
from dokja.report.figures import (
    Bounds,
    dot_figure,
    item_map_figure,
    score_figure,
)
from dokja.report.numerals import percent, percent_interval
from dokja.report.pieces import Fact, View, Word, same
from dokja.report.runs.choosing import FIRST
from dokja.report.runs.items import ItemView, item_view, standing_of
from dokja.report.runs.passages import Passage, passage, visible_words
from dokja.report.runs.words import (
    AGAINST_CHANCE,
    CAUSE,
    NO_CAUSE,
    SCORING,
    STANDING,
    STATUS,
)

MOST_NAMED = 12_000
"""Items that a page names without opening them."""
MOST_UNSCORED = 200
"""Answers without a score that are listed one by one."""
MOST_CELLS = 5000
LONGEST_NAME, LONGEST_ERROR = 80, 600


class ClusterRow(View, frozen=True, kw_only=True):
    """Items that stand or fall together."""

    name: str
    items: int
    score: str
    figure: Markup


class UnscoredRow(View, frozen=True, kw_only=True):
    """An answer without a score; `anchor` where the page opens its item."""

    item: str
    anchor: str | None
    number: int
    status: Word
    cause: Text
    error: Passage | None


class NamedItems(View, frozen=True, kw_only=True):
    """Items that the page only names, of one standing."""

    standing: Word
    ids: tuple[str, ...]
    count: int
    """All of them, of which `ids` may be the first."""


class Setting(View, frozen=True, kw_only=True):
    """Where a suite stands on the page, and what is known beside its records."""

    number: int
    opened: frozenset[int]
    """Places of the items that are shown whole."""
    timing: Timing | None
    prices: PriceList | None


class TaskView(View, frozen=True, kw_only=True):
    """One suite of a run."""

    key: str
    number: int
    id: str
    version: str
    title: Text
    description: Text
    scoring: Text
    score: str | None
    interval: str | None
    over_chance: str | None
    over_interval: str | None
    against: Word | None
    sentence: Text
    figure: Markup | None
    items: int
    clusters: int
    facts: tuple[Fact, ...]
    method: str
    by_cluster: tuple[ClusterRow, ...]
    unscored: tuple[UnscoredRow, ...]
    unscored_count: int
    map: Markup | None
    counts: tuple[tuple[Word, int], ...]
    opened: tuple[ItemView, ...]
    named: tuple[NamedItems, ...]
    named_count: int


def task_view(
    task: TaskResult,
    header: SuiteHeader,
    asked: Sequence[AskedItem],
    setting: Setting,
) -> TaskView:
    """The suite with its items, in its order."""
    key, opened = f"suite-{setting.number}", setting.opened
    anchors = {asked[at].item.id: f"{key}-item-{at + 1}" for at in sorted(opened)}
    standings = [standing_of(item) for item in asked]
    title = shown_text(task.title)
    return TaskView(
        key=key,
        number=setting.number,
        id=visible_words(task.task, most=LONGEST_NAME),
        version=visible_words(task.version, most=LONGEST_NAME),
        title=title,
        description=shown_text(header.description, most=1000),
        scoring=SCORING[task.scoring],
        score=percent(task.estimate.value) if task.estimate else None,
        interval=percent_interval(task.estimate) if task.estimate else None,
        over_chance=percent(task.normalised.value) if task.normalised else None,
        over_interval=percent_interval(task.normalised) if task.normalised else None,
        against=against_chance(task),
        sentence=_sentence(task),
        figure=score_figure(f"{key}-score", task.estimate, _bounds(task), title=title)
        if task.estimate
        else None,
        items=task.items,
        clusters=task.clusters,
        facts=_facts(task, header, setting),
        method=f"{task.estimate.method} · {task.estimate.source}"
        if task.estimate
        else "",
        by_cluster=_by_cluster(task, key),
        unscored=tuple(
            _unscored(entry, anchors.get(entry.item))
            for entry in task.unscored[:MOST_UNSCORED]
        ),
        unscored_count=len(task.unscored),
        map=item_map_figure(f"{key}-map", standings, title=title)
        if len(standings) <= MOST_CELLS
        else None,
        counts=_counts(standings),
        opened=tuple(
            item_view(
                asked[at], anchor=anchors[asked[at].item.id], prices=setting.prices
            )
            for at in sorted(opened, key=lambda at: (standings[at] != FIRST[0], at))
        ),
        named=_named(asked, standings, opened),
        named_count=len(asked) - len(opened),
    )


def shown_text(text: Text, *, most: int = LONGEST_NAME) -> Text:
    """Words of somebody else's, on one line and without hidden letters."""
    return Text(visible_words(text.ko, most=most), visible_words(text.en, most=most))


def against_chance(task: TaskResult) -> Word | None:
    """Where the interval lies to what guessing brings.

    None where guessing brings nothing, or there is no interval.
    """
    found = task.estimate
    if found is None or found.low is None or found.high is None or task.chance == 0:
        return None
    code = "same"
    if found.low > task.chance:
        code = "above"
    elif found.high < task.chance:
        code = "below"
    return Word(code=code, text=AGAINST_CHANCE[code])


def _bounds(task: TaskResult) -> Bounds:
    return Bounds(chance=task.chance, ceiling=task.ceiling)


def _sentence(task: TaskResult) -> Text:
    found = task.estimate
    if found is None:
        count = len(task.unscored)
        return Text(
            f"점수가 없는 답이 {count:,}개 있어 이 묶음의 점수를 내지 않았습니다. "
            "점수가 없는 답은 0점이 아닙니다.",
            f"{count:,} {'answer has' if count == 1 else 'answers have'} no score, so "
            "the suite has none. An answer without a score is not a 0.",
        )
    share, ends = percent(found.value), percent_interval(found)
    if ends is None:
        return Text(
            f"{found.n:,}문항의 평균 점수는 {share}입니다. 문항이 모두 한 무리에 속해 "
            "구간을 낼 수 없습니다.",
            f"The mean score over {found.n:,} items is {share}. All items belong "
            "together, so there is no interval.",
        )
    return Text(
        f"{found.n:,}문항의 평균 점수는 {share}이고 95% 구간은 {ends}입니다.",
        f"The mean score over {found.n:,} items is {share}, the 95% interval {ends}.",
    )


def _facts(task: TaskResult, header: SuiteHeader, setting: Setting) -> tuple[Fact, ...]:
    def fact(ko: str, en: str, value: str | Text) -> Fact:
        shown = value if isinstance(value, Text) else same(value)
        return Fact(label=Text(ko, en), value=shown_text(shown, most=300))

    tokens = [
        "–" if count is None else f"{count:,}"
        for count in (task.input_tokens, task.output_tokens)
    ]
    found = [
        fact("문항 수", "Items", f"{task.items:,}"),
        fact("문항 무리", "Groups of related items", f"{task.clusters:,}"),
        fact("우연 수준", "Chance", percent(task.chance)),
        fact("얻을 수 있는 최고 점수", "Ceiling", percent(task.ceiling)),
        fact("토큰 입력/출력", "Tokens in/out", " / ".join(tokens)),
        fact("라이선스", "Licence", header.licence),
        fact("만든 이", "Authors", ", ".join(header.authors)),
        fact("출처", "Source", header.source),
    ]
    return (*found, *_times(setting))


def _times(setting: Setting) -> tuple[Fact, ...]:
    timing = setting.timing
    if timing is None:
        return ()
    label = Text("답 하나에 걸린 시간", "Time for an answer")
    value = Text(
        f"중앙값 {timing.median_seconds:.2f}초, 95% {timing.p95_seconds:.2f}초",
        f"median {timing.median_seconds:.2f} s, 95% {timing.p95_seconds:.2f} s",
    )
    found = [Fact(label=label, value=value)]
    if timing.first_token_seconds is not None:
        seconds = timing.first_token_seconds
        found.append(
            Fact(
                label=Text("첫 토큰까지 (중앙값)", "First token (median)"),
                value=Text(f"{seconds:.2f}초", f"{seconds:.2f} s"),
            )
        )
    if timing.cost is not None:
        currency = setting.prices.currency if setting.prices else ""
        cost = same(visible_words(f"{timing.cost:g} {currency}", most=LONGEST_NAME))
        found.append(Fact(label=Text("비용", "Cost"), value=cost))
    return tuple(found)


def _by_cluster(task: TaskResult, key: str) -> tuple[ClusterRow, ...]:
    rows = []
    ordered = sorted(task.by_cluster, key=lambda row: (row[2], row[0]))
    for number, (name, items, score) in enumerate(ordered, start=1):
        shown = visible_words(name, most=LONGEST_NAME)
        figure = dot_figure(
            f"{key}-cluster-{number}", score, _bounds(task), title=same(shown)
        )
        rows.append(
            ClusterRow(name=shown, items=items, score=percent(score), figure=figure)
        )
    return tuple(rows)


def _unscored(entry: Unscored, anchor: str | None) -> UnscoredRow:
    return UnscoredRow(
        item=visible_words(entry.item, most=LONGEST_NAME),
        anchor=anchor,
        number=entry.repeat + 1,
        status=Word(code=entry.status.value, text=STATUS[entry.status]),
        cause=CAUSE[entry.cause] if entry.cause else NO_CAUSE,
        error=passage(entry.error, longest=LONGEST_ERROR) if entry.error else None,
    )


def _counts(standings: Sequence[str]) -> tuple[tuple[Word, int], ...]:
    counted = Counter(standings)
    return tuple(
        (Word(code=code, text=STANDING[code]), counted[code])
        for code in STANDING
        if counted[code]
    )


def _named(
    asked: Sequence[AskedItem], standings: Sequence[str], opened: frozenset[int]
) -> tuple[NamedItems, ...]:
    groups: dict[str, list[str]] = {}
    for at, item in enumerate(asked):
        if at not in opened:
            groups.setdefault(standings[at], []).append(item.item.id)
    left, found = MOST_NAMED, []
    for code in (code for code in FIRST if code in groups):
        ids = groups[code][:left]
        left -= len(ids)
        found.append(
            NamedItems(
                standing=Word(code=code, text=STANDING[code]),
                ids=tuple(visible_words(each, most=LONGEST_NAME) for each in ids),
                count=len(groups[code]),
            )
        )
    return tuple(found)
