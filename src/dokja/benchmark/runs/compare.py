"""Two runs side by side, paired item by item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import structs
from scipy.special import stdtr

from dokja.benchmark.results import samples_of, score_matrix
from dokja.benchmark.runs.summarise import summarise
from dokja.benchmark.runs.values import (
    PairedItem,
    PairedTask,
    RunComparison,
    RunSummary,
    TaskResult,
)
from dokja.benchmark.values import OfficialRun, Suite
from dokja.errors import InvalidInput
from dokja.evidence.values import Text
from dokja.statistics.clustered import (
    Scores,
    cluster_index,
    clustered_mean,
    item_means,
    paired_estimate,
)
from dokja.statistics.holm import holm
from dokja.statistics.power import items_to_separate

ALPHA = 0.05
METHOD = "paired-clustered-t/holm/0.95"
OTHER_ITEMS = Text(
    ko="두 실행의 문항이 서로 다름",
    en="The two runs were asked different items.",
)
ONE_SIDED = Text(
    ko="한쪽 실행에만 있는 평가 묶음임", en="Only one of the runs holds this suite."
)


def compare_runs(
    left: OfficialRun, right: OfficialRun, suites: Mapping[str, Suite]
) -> RunComparison:
    """Every suite that both runs answered, with what can be told apart.

    `suites` by id, as the left run was asked. Raises: InvalidInput where no
    suite was answered by both.
    """
    sides = (_summary(left, suites), _summary(right, suites))
    known = [{task.task for task in side.tasks} for side in sides]
    shared, left_out = [], []
    for name in sorted(known[0] | known[1]):
        if name not in known[0] & known[1]:
            left_out.append((name, ONE_SIDED))
        elif _asked(left, name) != _asked(right, name):
            left_out.append((name, OTHER_ITEMS))
        else:
            shared.append(_paired(left, right, suites[name], sides))
    if not shared:
        raise InvalidInput(
            f"{left.subject} and {right.subject} answered no suite in common",
            remedy="run both on the same suite, of the same version",
        )
    return RunComparison(
        left=sides[0],
        right=sides[1],
        tasks=_adjusted(shared),
        left_out=tuple(left_out),
        method=METHOD,
    )


def _summary(run: OfficialRun, suites: Mapping[str, Suite]) -> RunSummary:
    held = dict.fromkeys(sample.suite for sample in run.samples)
    return summarise(run, [suites[name] for name in held if name in suites])


def _asked(run: OfficialRun, suite: str) -> list[tuple[str, str]]:
    return list(dict.fromkeys((s.item, s.item_digest) for s in samples_of(run, suite)))


def _paired(
    left: OfficialRun,
    right: OfficialRun,
    suite: Suite,
    sides: tuple[RunSummary, RunSummary],
) -> PairedTask:
    results = [_result(side, suite.header.id) for side in sides]
    scores = (score_matrix(left, suite), score_matrix(right, suite))
    blank = PairedTask(
        task=suite.header.id,
        title=suite.header.title,
        left=results[0].estimate,
        right=results[1].estimate,
        difference=None,
        p_value=None,
        adjusted_p=None,
        separated=None,
        items_to_separate=None,
        both=0,
        neither=0,
        only_left=0,
        only_right=0,
        differing=(),
    )
    if scores[0] is None or scores[1] is None:
        return blank
    return _with_difference(blank, suite, scores[0], scores[1])


def _with_difference(
    blank: PairedTask, suite: Suite, left: Scores, right: Scores
) -> PairedTask:
    clusters = cluster_index([item.cluster for item in suite.items])
    source = f"suite {suite.header.id} {suite.header.version}"
    ours, theirs = item_means(left)[0], item_means(right)[0]
    found = clustered_mean(ours - theirs, clusters)
    p_value = None
    if found.error is not None:
        p_value = 2 * float(stdtr(found.freedom, -abs(found.value) / found.error))
    elif clusters.groups > 1:
        # The same difference on every item: nothing, or beyond doubt.
        p_value = float(found.value == 0)
    both, neither = (ours == 1) & (theirs == 1), (ours == 0) & (theirs == 0)
    return structs.replace(
        blank,
        difference=paired_estimate(left, right, clusters, source=source),
        p_value=p_value,
        items_to_separate=items_to_separate(left, right, clusters, source=source),
        both=int(both.sum()),
        neither=int(neither.sum()),
        only_left=int((ours > theirs).sum()),
        only_right=int((ours < theirs).sum()),
        differing=tuple(
            PairedItem(item=item.id, left=float(a), right=float(b))
            for item, a, b in zip(suite.items, ours, theirs, strict=True)
            if a != b
        ),
    )


def _adjusted(tasks: Sequence[PairedTask]) -> tuple[PairedTask, ...]:
    tested = [task for task in tasks if task.p_value is not None]
    p_values = holm([task.p_value for task in tested if task.p_value is not None])
    adjusted = dict(zip((task.task for task in tested), p_values, strict=True))
    return tuple(
        structs.replace(
            task,
            adjusted_p=adjusted[task.task],
            separated=adjusted[task.task] <= ALPHA,
        )
        if task.task in adjusted
        else task
        for task in tasks
    )


def _result(side: RunSummary, suite: str) -> TaskResult:
    return next(task for task in side.tasks if task.task == suite)
