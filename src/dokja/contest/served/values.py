"""The served models of a contest: what is asked of them and what can go wrong."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from enum import StrEnum
from typing import Annotated, Protocol

import msgspec

from dokja.evidence.values import Growing

FAULT_KIND = "endpoint_faulted"
"""Kind of the act that a fault becomes."""
Seconds = Annotated[float, msgspec.Meta(gt=0, le=3600)]
Count = Annotated[int, msgspec.Meta(ge=1)]


class FaultReason(StrEnum):
    """Why a model gave no whole answer."""

    UNREACHABLE = "unreachable"
    SLOW = "slow"
    REFUSED = "refused"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    MALFORMED = "malformed"
    TOO_LONG = "too_long"
    CUT_OFF = "cut_off"
    BREAKER_OPEN = "breaker_open"


class Finish(StrEnum):
    """Why a model stopped writing."""

    STOP = "stop"
    LENGTH = "length"


class EndpointRules(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long a model is waited for, and what its faults lead to: equal for all.

    Part of the contest's rules, so that no team's server is treated otherwise.
    """

    connect_seconds: Seconds = 5.0
    first_token_seconds: Seconds = 20.0
    pause_seconds: Seconds = 15.0
    """Longest silence between two pieces of an answer."""
    whole_seconds: Seconds = 120.0
    """Of all attempts together, without the time a reader takes."""
    most_tokens: Count = 1024
    most_bytes: Count = 1 << 20
    """Of what a server sends for one answer, all that is said of it included."""
    most_image_bytes: Count = 5 << 20
    retries: Annotated[int, msgspec.Meta(ge=0, le=2)] = 1
    """Further attempts, made only while nothing of an answer was shown."""
    temperature: Annotated[float, msgspec.Meta(ge=0, le=2)] = 0.0
    breaker_faults: Count = 3
    """Faults in a row after which a model is left alone for a while."""
    breaker_seconds: Seconds = 30.0
    fault_quota: Count = 20
    """Faults of a team that are borne; one more goes to the office."""
    shared_seconds: Seconds = 60.0
    """Within which faults of every team at once are taken for the office's own."""


class AnswerPiece(msgspec.Struct, frozen=True, kw_only=True):
    """Some more words of an answer, in order."""

    text: str


class Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole answer: the last thing that an endpoint that works gives."""

    text: str
    finish: Finish
    model: str
    """Name under which the model is served."""
    tokens: int | None
    """As the server counted them; None where it did not."""
    attempts: int
    first_token_seconds: float
    seconds: float


class EndpointFault(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Why there is no whole answer: the last thing of an endpoint that does not work.

    Words of the server never stand here, so no key that it repeats can.
    """

    reason: FaultReason
    detail: str
    """For the office and the team; in English, and never of the prompt."""
    attempts: int = 1
    shown: bool = False
    """Whether pieces of the answer had been given already."""


Reply = AnswerPiece | Answer | EndpointFault


class Endpoint(Protocol):
    """A model that can be asked."""

    def answer(self, prompt: str, image: bytes | None = None) -> AsyncGenerator[Reply]:
        """Pieces, and at last one `Answer` or one `EndpointFault`.

        Nothing that a server does is raised. A reader who leaves closes it
        (`aclosing`), so that the server writes no further. Raises: InvalidInput for
        a picture that `picture_kind` refuses, which is no fault of the team.
        """

    async def check(self) -> EndpointFault | None:
        """What is wrong with the endpoint now; None where it is ready."""

    async def close(self) -> None:
        """Nothing; lets go of connections and threads."""


class FaultRecord(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A fault as the log keeps it: of a team, never of a voter."""

    contest: str
    team: str
    reason: FaultReason
    at: str
    """ISO 8601 with zone."""
