"""The templates of the web, with what every one of them may say and ask."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from dokja.support import words as support_words
from dokja.web.static_files import static_address


@cache
def templates() -> Environment:
    """The environment that renders every page; a missing name is an error."""
    environment = Environment(
        loader=PackageLoader("dokja.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["static"] = static_address
    environment.globals["support_words"] = support_words
    environment.filters["won"] = support_words.won
    return environment
