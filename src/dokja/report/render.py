"""Each report as one HTML file that loads nothing from anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dokja.benchmark.values import OfficialRun, Suite
from dokja.lineage.values import LineageReport, LineageRules
from dokja.replay.whole.results import WholeReplay
from dokja.report.comparison import Reproduction, comparison_view
from dokja.report.pieces import View
from dokja.report.printing import REPORT_STYLES, Printer
from dokja.report.runs import pair_view, run_view
from dokja.report.timeline import timeline_view
from dokja.report.views import stage_report_view
from dokja.stage.values import StageRecord


def render_stage_report(record: StageRecord) -> str:
    """The stage's report in Korean and English, equal bytes for equal records.

    The content security policy admits the file's own style and script by
    digest and nothing else, so a name that smuggles in markup stays inert
    even where escaping were to fail.
    """
    view = stage_report_view(record)
    # A report without indices keeps the bytes it always had.
    more = () if view.benchmark.indices is None else ("indices.css",)
    return _page("report.html", view=view, more=more)


def render_comparison(
    report: LineageReport, *, rules: LineageRules, reproduction: Reproduction
) -> str:
    """The page of one comparison, equal bytes for equal arguments.

    Under the same policy as the stage's report.
    Raises: InvalidInput where the report was made under other rules.
    """
    view = comparison_view(report, rules=rules, reproduction=reproduction)
    return _page("comparison.html", view=view, more=("comparison.css",))


def render_run(
    run: OfficialRun, suites: Sequence[Suite], *, reproduction: Reproduction
) -> str:
    """The page of one run over `suites`, equal bytes for equal arguments.

    Under the same policy: what a model wrote is shown and never obeyed.
    """
    view = run_view(run, suites, reproduction=reproduction)
    return _page("run.html", view=view, more=("comparison.css", "runs.css"))


def render_run_pair(
    runs: tuple[OfficialRun, OfficialRun],
    suites: Mapping[str, Suite],
    *,
    reproduction: Reproduction,
) -> str:
    """The page of two runs side by side, under the same policy.

    `suites` by id, as the left run was asked. Raises: InvalidInput where no
    suite was answered by both.
    """
    view = pair_view(runs, suites, reproduction=reproduction)
    return _page("run_pair.html", view=view, more=("comparison.css", "runs.css"))


def render_timeline(found: WholeReplay, *, reproduction: Reproduction) -> str:
    """The page of a replayed programme, equal bytes for equal arguments.

    Under the same policy.
    """
    view = timeline_view(found, reproduction=reproduction)
    return _page("timeline.html", view=view, more=("comparison.css", "timeline.css"))


def _page(template: str, *, view: View, more: Sequence[str] = ()) -> str:
    return Printer().page(template, styles=(*REPORT_STYLES, *more), view=view)
