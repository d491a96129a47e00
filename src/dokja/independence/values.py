"""Findings of the independence gate and the right to reply."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.evidence.values import Check, CheckResult, Text


class FindingResult(StrEnum):
    """Per aspect; missing evidence is `undetermined`."""

    PASS = "pass"
    FAIL = "fail"
    UNDETERMINED = "undetermined"


class ReplyState(StrEnum):
    """Where the right to reply stands."""

    NOT_NEEDED = "not_needed"
    REQUESTED = "requested"
    REPLIED = "replied"
    EXPIRED = "expired"


class TeamReply(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a team answered to the evidence against it."""

    team: str
    component: str
    at: str
    text: Text


class ReplyBook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`replies.json`: every reply of a stage."""

    synthetic: bool
    note: Text
    replies: tuple[TeamReply, ...]


class AspectFinding(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The finding on one aspect, with the checks it rests on."""

    aspect: str
    result: FindingResult
    checks: tuple[Check, ...]


class IndependenceFinding(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The finding on one team. `result` is the worst of its aspects."""

    team: str
    gate: str
    result: FindingResult
    aspects: tuple[AspectFinding, ...]
    reply_state: ReplyState
    replies: tuple[TeamReply, ...]
    reply_until: str

    def failed_checks(self) -> tuple[Check, ...]:
        """The checks that failed, in the order of the aspects."""
        return tuple(
            check
            for aspect in self.aspects
            for check in aspect.checks
            if check.result is CheckResult.FAIL
        )
