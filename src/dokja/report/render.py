"""Each report as one HTML file that loads nothing from anywhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from dokja.benchmark.values import OfficialRun, Suite
from dokja.lineage.values import LineageReport, LineageRules
from dokja.report.comparison import Reproduction, comparison_view
from dokja.report.pieces import View
from dokja.report.runs import pair_view, run_view
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
    return _page("report.html", view=view, styles=("report.css", *more))


def render_comparison(
    report: LineageReport, *, rules: LineageRules, reproduction: Reproduction
) -> str:
    """The page of one comparison, equal bytes for equal arguments.

    Under the same policy as the stage's report.
    Raises: InvalidInput where the report was made under other rules.
    """
    view = comparison_view(report, rules=rules, reproduction=reproduction)
    return _page("comparison.html", view=view, styles=("report.css", "comparison.css"))


def render_run(
    run: OfficialRun, suites: Sequence[Suite], *, reproduction: Reproduction
) -> str:
    """The page of one run over `suites`, equal bytes for equal arguments.

    Under the same policy: what a model wrote is shown and never obeyed.
    """
    view = run_view(run, suites, reproduction=reproduction)
    return _page(
        "run.html", view=view, styles=("report.css", "comparison.css", "runs.css")
    )


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
    return _page(
        "run_pair.html", view=view, styles=("report.css", "comparison.css", "runs.css")
    )


def _page(template: str, *, view: View, styles: Sequence[str] = ("report.css",)) -> str:
    environment = Environment(
        loader=PackageLoader("dokja.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = "\n".join(environment.get_template(name).render() for name in styles)
    script = environment.get_template("language.js").render()
    return environment.get_template(template).render(
        view=view,
        style=style,
        script=script,
        policy=_policy(style=style, script=script),
    )


def _policy(*, style: str, script: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_source_digest(style)}'",
            f"script-src '{_source_digest(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _source_digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256-" + base64.b64encode(digest).decode()
