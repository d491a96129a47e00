"""The report as one HTML file that loads nothing from anywhere."""

from __future__ import annotations

import base64
import hashlib

from jinja2 import Environment, PackageLoader, StrictUndefined

from dokja.report.views import stage_report_view
from dokja.stage.values import StageRecord


def render_stage_report(record: StageRecord) -> str:
    """The stage's report in Korean and English, equal bytes for equal records.

    The content security policy admits the file's own style and script by
    digest and nothing else, so a name that smuggles in markup stays inert
    even where escaping were to fail.
    """
    environment = Environment(
        loader=PackageLoader("dokja.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = environment.get_template("report.css").render()
    script = environment.get_template("language.js").render()
    return environment.get_template("report.html").render(
        view=stage_report_view(record),
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
