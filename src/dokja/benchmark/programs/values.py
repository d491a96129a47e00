"""How a program ended that was run in a sandbox."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class ProgramEnd(StrEnum):
    """How a program ended."""

    PASSED = "passed"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    NOT_RUN = "not_run"
    """There is no sandbox here; nothing is ever run outside of one."""


class ProgramOutcome(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What came of one program."""

    end: ProgramEnd
    fact: str = ""
    """What it failed of, or why it was not run."""
    printed: str = ""
    """The beginning of what it printed; empty where nobody asked for it."""
