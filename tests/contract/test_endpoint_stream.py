"""Whatever bytes a server streams, reading them gives words or a named failure."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dokja.adapters.endpoint.attempt import Ending, Failed, Timing, shown_text
from dokja.adapters.endpoint.event_stream import ChatReading, events
from dokja.contest.served.values import EndpointRules, FaultReason, Finish

RULES = EndpointRules(most_bytes=1 << 16, most_tokens=64)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["delta", "content", "reasoning", "finish_reason", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
an_event = st.dictionaries(
    st.sampled_from(["choices", "usage", "model", "error", "delta"]),
    anything,
    max_size=4,
)


async def _chunks(parts: Sequence[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def read(*parts: bytes) -> tuple[str, Ending | Failed]:
    """The words and how it ended."""

    async def all_of_it() -> tuple[str, Ending | Failed]:
        said, timing = "", Timing(RULES)
        reading = ChatReading(model="m", rules=RULES, timing=timing)
        try:
            async for event in events(_chunks(parts), timing, RULES):
                said += reading.words(event)
            return said, reading.ending()
        except Failed as failed:
            return said, failed

    return asyncio.run(all_of_it())


def line(event: Any) -> bytes:
    """The event as a server sends it."""
    return b"data: " + json.dumps(event).encode() + b"\n\n"


WHOLE = [
    b"event: message\r\n",
    line({"choices": [{"delta": {"role": "assistant", "content": None}}]}),
    line({"model": "m", "choices": [{"delta": {"content": "가나"}}]}),
    line({"choices": [{"delta": {"content": "다"}, "finish_reason": "length"}]}),
    line({"choices": [], "usage": {"completion_tokens": 3}}),
    b"data: [DONE]\n\n",
]


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_any_bytes_end_in_a_named_failure(parts: list[bytes]) -> None:
    """No answer can be made of noise, and no exception but the one we know."""
    _, end = read(*parts)
    assert isinstance(end, Failed)
    assert end.reason in FaultReason


@given(st.lists(an_event, max_size=4))
def test_any_json_gives_words_that_a_page_can_hold(found: list[Any]) -> None:
    """Servers differ in what they leave out, and hostile ones in what they put in."""
    said, end = read(*(line(event) for event in found))
    assert isinstance(end, Ending | Failed)
    said.encode()
    assert "\x00" not in said


@given(st.lists(st.integers(0, 400), max_size=12))
def test_how_the_bytes_are_cut_changes_nothing(cuts: list[int]) -> None:
    """A network cuts within letters and within events."""
    data = b"".join(WHOLE)
    places = sorted({0, *(cut % len(data) for cut in cuts), len(data)})
    parts = [data[a:b] for a, b in pairwise(places)]
    assert read(*parts) == ("가나다", Ending(finish=Finish.LENGTH, tokens=3))


@given(st.text(st.characters(), max_size=40))
def test_shown_text_keeps_all_that_can_be_shown(text: str) -> None:
    """Letters of every script stay; twice is as once."""
    found = shown_text(text)
    assert found == shown_text(found)
    assert [c for c in text if c.isprintable() and not "\ud800" <= c <= "\udfff"] == [
        c for c in found if c.isprintable()
    ]
