"""The page of a run as one frozen value, ready to be printed."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from dokja.benchmark.runs import asked_items, summarise, timings
from dokja.benchmark.runs.values import AskedItem
from dokja.benchmark.values import OfficialRun, Suite
from dokja.evidence.values import Text
from dokja.report.comparison import Reproduction
from dokja.report.pieces import View
from dokja.report.runs.choosing import within_budget
from dokja.report.runs.passages import visible_words
from dokja.report.runs.tasks import LONGEST_NAME, Setting, TaskView, task_view
from dokja.report.runs.words import DOES_NOT_SHOW, SHOWS


class RunView(View, frozen=True, kw_only=True):
    """Everything the page of a run prints."""

    subject: str
    tasks: tuple[TaskView, ...]
    items: int
    opened: int
    unscored: int
    repeats: int
    engine: str
    model_digest: str
    suites_digest: str
    prices: str | None
    shows: tuple[Text, ...]
    does_not_show: tuple[Text, ...]
    measuring: tuple[str, ...]
    """The command that measures each suite again, on weights of that digest."""
    reproduction: Reproduction


def run_view(
    run: OfficialRun, suites: Sequence[Suite], *, reproduction: Reproduction
) -> RunView:
    """The page of the run over `suites`, as they were asked."""
    summary = summarise(run, suites)
    asked = [asked_items(run, suite) for suite in suites]
    opened = _opened(asked)
    clock = {timing.task: timing for timing in timings(run)}
    tasks = tuple(
        task_view(
            task,
            suite.header,
            items,
            Setting(
                number=number,
                opened=places,
                timing=clock.get(task.task),
                prices=run.prices,
            ),
        )
        for number, (task, suite, items, places) in enumerate(
            zip(summary.tasks, suites, asked, opened, strict=True), start=1
        )
    )
    return RunView(
        subject=visible_words(run.subject, most=LONGEST_NAME),
        tasks=tasks,
        items=sum(task.items for task in tasks),
        opened=sum(len(task.opened) for task in tasks),
        unscored=sum(task.unscored_count for task in tasks),
        repeats=run.repeats,
        engine=visible_words(run.engine, most=1000),
        model_digest=run.weights_root,
        suites_digest=run.suites_digest,
        prices=_prices(run),
        shows=SHOWS,
        does_not_show=DOES_NOT_SHOW,
        measuring=tuple(_measuring(run, suite) for suite in suites),
        reproduction=reproduction,
    )


def _opened(asked: Sequence[Sequence[AskedItem]]) -> list[frozenset[int]]:
    """Places within each suite, chosen over all of them together."""
    whole = [item for items in asked for item in items]
    chosen = within_budget(whole)
    found, start = [], 0
    for items in asked:
        end = start + len(items)
        found.append(frozenset(at - start for at in chosen if start <= at < end))
        start = end
    return found


def _measuring(run: OfficialRun, suite: Suite) -> str:
    command = ("dokja", "benchmark", "run", suite.header.id, "MODEL")
    options = ("--subject", run.subject, "--repeats", str(run.repeats), "--out", "RUN")
    return visible_words(shlex.join((*command, *options)), most=1000)


def _prices(run: OfficialRun) -> str | None:
    if run.prices is None:
        return None
    prices = run.prices
    shown = (
        f"{prices.per_million_input:g} / {prices.per_million_output:g} "
        f"{prices.currency} · {prices.source} · {prices.as_of}"
    )
    return visible_words(shown, most=300)
