"""Addresses of style sheets and scripts, each with a digest of its bytes."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files


@cache
def static_address(name: str) -> str:
    """`/static/NAME?v=DIGEST`, so that a browser may keep the file for ever."""
    content = files("dokja.web").joinpath("static", name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"
