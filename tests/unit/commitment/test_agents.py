"""Catalogues, cards and answers as strangers write them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.commitment.agents import (
    Interface,
    call_of,
    read_card,
    read_catalogue,
    read_reply,
)
from dokja.commitment.draws import picked_entries, token_sequences
from dokja.commitment.notes import note_of
from dokja.commitment.observations import CatalogueSeen, EntrySeen
from dokja.commitment.observed import figures_of

CARD: dict[str, Any] = {
    "name": "a",
    "description": "b",
    "version": "1",
    "skills": [{"id": "s"}],
    "url": "https://a.example/",
}
WORDS = (
    *("result", "error", "code", "task", "message", "status", "state", "parts"),
    *("name", "description", "version", "skills", "url", "transport"),
    *("supportedInterfaces", "additionalInterfaces", "preferredTransport"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(WORDS),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


def interface(**changes: Any) -> Interface | None:
    """How the agent of a changed card is asked."""
    return read_card(json.dumps(CARD | changes).encode()).interface


def test_cards_of_both_releases_say_where_to_ask() -> None:
    """The first way over JSON-RPC that is offered."""
    assert interface() == Interface(address="https://a.example/", is_first=True)
    other = {"transport": "JSONRPC", "url": "https://b.example/"}
    grpc = {"preferredTransport": "GRPC", "additionalInterfaces": [{}, other]}
    assert interface(**grpc) == Interface(address=other["url"], is_first=True)
    assert interface(preferredTransport="GRPC") is None
    new = [
        {"protocolBinding": "GRPC", "url": "https://c.example/"},
        {
            "protocolBinding": "JSONRPC",
            "protocolVersion": "1.0",
            "url": "https://d.example/",
        },
    ]
    assert interface(supportedInterfaces=new) == Interface(
        address="https://d.example/", is_first=False
    )


def test_each_release_is_asked_in_its_own_words() -> None:
    """Names of the method and of the role, and kinds of parts."""
    first = call_of(Interface(address="", is_first=True), "n")
    assert first["method"] == "message/send"
    assert first["params"]["message"]["parts"][0]["kind"] == "text"
    later = call_of(Interface(address="", is_first=False), "n")
    assert (later["method"], later["params"]["message"]["role"]) == (
        "SendMessage", "ROLE_USER",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reply", "answered"),
    [
        ({"result": {"parts": [{"text": "네"}]}}, True),
        ({"result": {"parts": []}}, False),
        ({"result": {"status": {"state": "completed"}}}, True),
        ({"result": {"task": {"status": {"state": "TASK_STATE_WORKING"}}}}, True),
        ({"result": {"task": {"status": {"state": "TASK_STATE_FAILED"}}}}, False),
        ({"result": {"task": {"status": {"state": "TASK_STATE_AUTH_REQUIRED"}}}}, None),
        ({"result": {"status": {}}}, False),
        ({"result": {}}, False),
        ({"result": 3}, False),
        ({"error": {"code": -32603}}, False),
        ({"error": {"code": -32004}}, None),
        ({"error": {"code": [1]}}, None),
        ([], False),
    ],
)
def test_what_counts_as_an_answer(*, reply: Any, answered: bool | None) -> None:
    """A refusal of our question is no failure of the agent's."""
    assert read_reply(json.dumps(reply).encode())[0] is answered


@given(JSON)
def test_any_json_is_read_or_found_wanting(value: Any) -> None:
    """Hostile cards and answers raise nothing."""
    data = json.dumps(value).encode()
    card = read_card(data)
    assert card.fault or isinstance(value, dict)
    answered, reason = read_reply(data)
    assert answered or reason


def test_a_card_that_is_listed_twice_is_one_agent() -> None:
    """Under the name that came first."""
    agents = [{"id": n, "card": c} for n, c in (("a", "x"), ("b", "y"), ("c", "x"))]
    found = read_catalogue(
        json.dumps({"agents": agents, "more": 1}).encode(), where="w"
    )
    assert [(e.id, e.card) for e in found] == [("a", "x"), ("b", "y")]


@given(st.integers(1, 300), st.integers(1, 60), st.text(max_size=8))
def test_draws_are_bound_to_promise_list_and_beacon(
    listed: int, most: int, beacon: str
) -> None:
    """All where they are few; else as many as asked for, each once, in order."""
    drawn = picked_entries("p", beacon, catalogue="c", listed=listed, most=most)
    assert len(drawn) == min(listed, most)
    assert sorted(set(drawn)) == list(drawn)
    assert set(drawn) <= set(range(listed))
    assert drawn == picked_entries("p", beacon, catalogue="c", listed=listed, most=most)
    tokens = token_sequences("p", beacon, vocabulary=listed, count=3, length=most)
    assert [len(line) for line in tokens] == [most] * 3
    assert {token for line in tokens for token in line} <= set(range(listed))


def test_other_beacons_draw_others() -> None:
    """Whoever knows the promise alone cannot prepare."""
    lists = [
        picked_entries("p", beacon, catalogue=c, listed=1000, most=20)
        for beacon, c in (("1", "c"), ("2", "c"), ("1", "d"))
    ]
    assert len(set(lists)) == 3
    one, two = (
        token_sequences("p", b, vocabulary=1000, count=2, length=9) for b in "12"
    )
    assert one != two


@given(
    st.lists(
        st.tuples(st.sampled_from([True, False, None]), st.booleans()), max_size=60
    )
)
def test_counts_of_all_entries_are_whole_numbers(
    outcomes: list[tuple[bool | None, bool]],
) -> None:
    """And where some tell nothing, the interval holds every way they may go."""
    tried = tuple(
        EntrySeen(id=str(n), manifest=shown, answered=shown and said)
        for n, (shown, said) in enumerate(outcomes)
    )
    seen = CatalogueSeen(listed=len(tried), catalogue="c", beacon="b", tried=tried)
    figures = {f.name: f.estimate for f in figures_of(seen, source="s")}
    assert str(len(tried)) in note_of(seen).ko
    if any(shown is not None for shown, _ in outcomes) or not tried:
        entries = figures["entries"]
        good = sum(shown is True for shown, _ in outcomes)
        unknown = sum(shown is None for shown, _ in outcomes)
        low = entries.value if entries.low is None else entries.low
        high = entries.value if entries.high is None else entries.high
        assert (low, high) == (good, good + unknown)
    else:
        assert figures == {}
