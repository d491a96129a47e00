"""Pages that load nothing from anywhere: templates, styles and their policy."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

REPORT_STYLES = (
    "tokens.css",
    "page.css",
    "sections.css",
    "marks.css",
    "cards.css",
    "figures.css",
    "report.css",
)
"""The style of every report; other pages take the parts they need."""


class Printer:
    """Prints templates; one serves many pages."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("dokja.report"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def page(
        self,
        template: str,
        *,
        styles: Sequence[str],
        scripts: Sequence[str] = ("language.js",),
        connects: str = "'none'",
        **values: object,
    ) -> str:
        """The page, equal bytes for equal arguments.

        Its content security policy admits its own style and script by digest
        and nothing else. `connects` is where the script may fetch from.
        """
        style, script = self._joined(styles), self._joined(scripts)
        return self._environment.get_template(template).render(
            style=style,
            script=script,
            policy=_policy(style=style, script=script, connects=connects),
            **values,
        )

    def _joined(self, names: Sequence[str]) -> str:
        return "\n".join(
            self._environment.get_template(name).render() for name in names
        )


def _policy(*, style: str, script: str, connects: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_source_digest(style)}'",
            f"script-src '{_source_digest(script)}'",
            *([] if connects == "'none'" else [f"connect-src {connects}"]),
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _source_digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256-" + base64.b64encode(digest).decode()
