"""Indices and targets on the screen: intervals first, then what has no number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dokja.evidence.values import Estimate, Text
from dokja.programme.values import ReferenceView, Rulebook
from dokja.report.index_words import (
    COUNTING,
    NEVER_OFFICIAL,
    READING,
    TARGET_VIEW,
    view_name,
)
from dokja.report.numerals import fixed, interval, percent, percent_interval
from dokja.standing.indices.values import (
    AttainmentView,
    DiffusionIndex,
    DiffusionReport,
    FrontierIndex,
    FrontierReport,
    FrontierView,
    IndexDifference,
    ReferenceSet,
    TargetReport,
    ViewKind,
)

NONE = Text(ko="미정", en="undetermined")
FRONTIER = Text(
    ko="팀|프런티어 지수|95 % 구간|문항이 달랐다면|답이 달랐다면|문항",
    en="team|Frontier Index|95 % interval|other items|other answers|items",
)
PARTS = Text(
    ko="팀|부문|벤치마크|가중치|값|95 % 구간|문항",
    en="team|category|benchmark|weight|value|95 % interval|items",
)
DIFFUSION = Text(ko="팀|확산 지수|95 % 구간", en="team|Diffusion Index|95 % interval")
MEASURES = Text(
    ko="팀|부분|가중치|값(0–1)|95 % 구간|참조 대비 배수|반영",
    en="team|part|weight|worth (0–1)|95 % interval|times the reference|counting",
)
APART = Text(
    ko="앞|뒤|차이|95 % 구간|구별됨", en="team|less|difference|95 % interval|apart"
)
VIEWS = Text(ko="보기|팀|값|95 % 구간|비고", en="view|team|value|95 % interval|note")
TARGETS = Text(
    ko="팀|기준|모델|달성률|95 % 구간|요구|충족|해석",
    en="team|held against|model|attainment|95 % interval|required|met|reading",
)
YES, NO = Text(ko="예", en="yes"), Text(ko="아니요", en="no")
TURNED = Text(ko="순서가 달라짐", en="order changes")
RANGE = Text(
    ko="다른 모델 하나가 빠지면 {} – {}", en="{} to {} without one other model"
)
OFFICIAL = Text(ko="공식", en="official")
SET = Text(
    ko="참조 모델 목록 ({first} – {last}): {models} · 공개 모델: {opened}",
    en="reference set ({first} to {last}): {models}; of them open: {opened}",
)
AGAINST = Text(ko="고정 참조 모델: {}", en="fixed reference model: {}")
RULES = Text(ko="지수 규정 {} · {}", en="index rules {} · {}")


def show_frontier(report: FrontierReport, rulebook: Rulebook, *, lang: str) -> None:
    """Nothing; prints the Frontier report in one language."""
    console, say = Console(highlight=False), attrgetter(lang)
    rules = rulebook.index_rules or None
    names = (
        {c.id: c.name for c in rules.frontier.categories}
        if rules is not None and rules.frontier is not None
        else {}
    )
    _table(console, FRONTIER, [_frontier_row(t, lang) for t in report.teams], lang)
    _reasons(console, report.teams, lang)
    for reason in dict.fromkeys(t.noise_reason for t in report.teams):
        if reason is not None:
            told = [t.team for t in report.teams if t.noise_reason == reason]
            console.print(escape(f"  {', '.join(told)}: {say(reason)}"))
    rows = []
    for team in report.teams:
        for c in team.categories:
            name = say(names[c.category]) if c.category in names else c.category
            rows.append(_part_row((team.team, name, ""), c.weight, c.value, lang))
            for each in c.benchmarks:
                place = ("", "", each.benchmark)
                row = _part_row(place, each.weight, each.score, lang)
                rows.append(row)
    _table(console, PARTS, rows, lang)
    _gaps(console, report.teams, lang)
    _differences(console, report.differences, lang)
    _views(console, report.views, lang)
    console.print(
        escape(say(RULES).format(report.version, report.rules_digest)), style="dim"
    )


def show_diffusion(report: DiffusionReport, rulebook: Rulebook, *, lang: str) -> None:
    """Nothing; prints the Diffusion report in one language."""
    console, say = Console(highlight=False), attrgetter(lang)
    rules = rulebook.index_rules or None
    rule = rules.diffusion if rules is not None else None
    names = {part.id: part.name for part in rule.parts} if rule is not None else {}
    console.print(escape(say(AGAINST).format(report.reference)))
    rows = [(t.team, _value(t.index, lang), _ends(t.index)) for t in report.teams]
    _table(console, DIFFUSION, rows, lang)
    _reasons(console, report.teams, lang)
    parts = []
    for team in report.teams:
        for part in team.parts:
            name = say(names[part.part]) if part.part in names else part.part
            times = part.times
            parts.append(
                (
                    team.team,
                    name,
                    percent(float(part.weight)),
                    _value(part.value, lang, places=3),
                    _ends(part.value, places=3),
                    "" if times is None else f"×{times.value:.3g}",
                    say(COUNTING[part.counting]),
                )
            )
    _table(console, MEASURES, parts, lang)
    for team in report.teams:
        for part in team.parts:
            if part.reason is not None:
                line = f"  {team.team}, {part.part}: {say(part.reason)}"
                console.print(escape(line))
    _differences(console, report.differences, lang)
    console.print(
        escape(say(RULES).format(report.version, report.rules_digest)), style="dim"
    )


def show_targets(
    references: ReferenceSet, reports: Sequence[TargetReport], *, lang: str
) -> None:
    """Nothing; prints the reference set and every team against it."""
    console, say = Console(highlight=False), attrgetter(lang)
    line = say(SET).format(
        first=references.first_day,
        last=references.cut_off,
        models=", ".join(references.overall) or "–",
        opened=", ".join(references.open_weights) or "–",
    )
    console.print(escape(line))
    for each in references.excluded:
        console.print(escape(f"  – {each.model}: {say(each.detail)}"))
    rows = [_target_row(r.team, v, lang) for r in reports for v in r.views]
    _table(console, TARGETS, rows, lang)
    for report in reports:
        for view in report.views:
            if view.reason is not None:
                name = say(TARGET_VIEW[view.view])
                console.print(escape(f"  {report.team}, {name}: {say(view.reason)}"))
    for note in dict.fromkeys(report.note for report in reports):
        console.print(escape(say(note)), style="dim")


def _frontier_row(team: FrontierIndex, lang: str) -> tuple[str, ...]:
    found = team.index
    return (
        team.team,
        _value(found, lang),
        _ends(found),
        _ends(team.item_noise),
        _ends(team.run_noise),
        "" if found is None else str(found.n),
    )


def _part_row(
    place: tuple[str, str, str], weight: object, found: Estimate | None, lang: str
) -> tuple[str, ...]:
    share = percent(float(str(weight)))
    items = "" if found is None else str(found.n)
    return (*place, share, _value(found, lang), _ends(found), items)


def _target_row(team: str, view: AttainmentView, lang: str) -> tuple[str, ...]:
    say, found = attrgetter(lang), view.attainment
    name = say(TARGET_VIEW[ReferenceView(view.view)])
    official = f" ({say(OFFICIAL)})" if view.official else ""
    best = view.chosen_best
    chosen = f" ({percent(best.value, places=0)})" if best is not None else ""
    return (
        team,
        name + official,
        (view.reference or "–") + chosen,
        say(NONE) if found is None else percent(found.value),
        "–" if found is None else percent_interval(found) or "–",
        percent(float(view.required)),
        say(NONE if view.met is None else YES if view.met else NO),
        "" if view.reading is None else say(READING[view.reading]),
    )


def _reasons(
    console: Console, teams: Sequence[FrontierIndex | DiffusionIndex], lang: str
) -> None:
    for team in teams:
        if team.reason is not None:
            console.print(escape(f"  {team.team}: {getattr(team.reason, lang)}"))


def _gaps(console: Console, teams: Sequence[FrontierIndex], lang: str) -> None:
    for team in teams:
        for category in team.categories:
            for each in category.benchmarks:
                if each.reason is not None:
                    reason = getattr(each.reason, lang)
                    console.print(escape(f"  {team.team}, {each.benchmark}: {reason}"))


def _differences(console: Console, found: Sequence[IndexDifference], lang: str) -> None:
    if not found:
        return
    say = attrgetter(lang)
    rows = [
        (
            each.left,
            each.right,
            _value(each.difference, lang),
            _ends(each.difference),
            say(NONE if each.separated is None else YES if each.separated else NO),
        )
        for each in found
    ]
    _table(console, APART, rows, lang)
    for each in found:
        if each.reason is not None:
            line = f"  {each.left} – {each.right}: {say(each.reason)}"
            console.print(escape(line))


def _views(console: Console, views: Sequence[FrontierView], lang: str) -> None:
    say = attrgetter(lang)
    console.print(f"\n[reverse] {escape(say(NEVER_OFFICIAL))} [/]")
    rows = [row for view in views for row in _view_rows(view, lang)]
    _table(console, VIEWS, rows, lang)
    for view in views:
        if view.reason is not None:
            line = f"  {say(view_name(view))}: {say(view.reason)}"
            console.print(escape(line))
    for note in dict.fromkeys(view.note for view in views):
        console.print(escape(say(note)), style="dim")


def _view_rows(view: FrontierView, lang: str) -> Iterator[tuple[str, ...]]:
    say, name = attrgetter(lang), getattr(view_name(view), lang)
    places = 3 if view.kind is ViewKind.MEAN_WIN_RATE else 2
    for score in view.scores:
        notes = []
        if view.changes_order and score is view.scores[0]:
            notes.append(say(TURNED))
        if score.without_another is not None:
            ends = (fixed(end, places=places) for end in score.without_another)
            notes.append(say(RANGE).format(*ends))
        if score.reason is not None:
            notes.append(say(score.reason))
        yield (
            name if score is view.scores[0] else "",
            score.team,
            _value(score.value, lang, places=places),
            _ends(score.value, places=places),
            "; ".join(notes),
        )


def _table(
    console: Console, heads: Text, rows: Sequence[Sequence[str]], lang: str
) -> None:
    if not rows:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in getattr(heads, lang).split("|"):
        table.add_column(head, overflow="fold", min_width=min(cell_len(head), 5))
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    console.print()
    console.print(table)


def _value(found: Estimate | None, lang: str, *, places: int = 2) -> str:
    none: str = getattr(NONE, lang)
    return none if found is None else fixed(found.value, places=places)


def _ends(found: Estimate | None, *, places: int = 2) -> str:
    if found is None:
        return "–"
    return interval(found.low, found.high, places=places) or "–"
