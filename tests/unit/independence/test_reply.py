"""The right to reply and its window."""

from __future__ import annotations

import pytest

from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Act, Text
from dokja.independence.reply import ReplyWindow, reply_act, reply_book
from dokja.independence.values import TeamReply

WINDOW = ReplyWindow(
    programme="example",
    stage="stage-1",
    teams=("han", "gang"),
    requested="2026-03-06T10:00:00+09:00",
    days=5,
)


def reply(
    *,
    team: str = "han",
    at: str = "2026-03-08T09:00:00+09:00",
    text: str = "We trained it ourselves.",
    component: str = "vision_encoder",
) -> TeamReply:
    """A team's reply in both languages."""
    return TeamReply(
        team=team, component=component, at=at, text=Text(ko="소명", en=text)
    )


def test_a_second_reply_adds_to_the_first_and_both_reach_the_gate() -> None:
    """Whoever thinks of more may say more."""
    acts: tuple[Act, ...] = (reply_act(WINDOW, reply(), ()),)
    acts += (reply_act(WINDOW, reply(text="Logs are attached."), acts),)
    acts += (reply_act(WINDOW, reply(component="projector"), acts),)
    assert [act.subject for act in acts] == [
        "han/vision_encoder/001",
        "han/vision_encoder/002",
        "han/projector/001",
    ]
    book = reply_book(acts, note=Text(ko="", en=""))
    assert [entry.text.en for entry in book.replies] == [
        "We trained it ourselves.",
        "Logs are attached.",
        "We trained it ourselves.",
    ]


@pytest.mark.parametrize(
    "at", ["2026-03-06T09:59:59+09:00", "2026-03-11T10:00:00+09:00"]
)
def test_no_reply_is_taken_outside_the_window(at: str) -> None:
    """Before it was asked for, and once the time is over."""
    with pytest.raises(NotAllowed):
        reply_act(WINDOW, reply(at=at), ())


def test_the_last_moment_counts() -> None:
    """In another zone, too."""
    assert reply_act(WINDOW, reply(at="2026-03-11T00:59:59Z"), ()).at.endswith("Z")


def test_a_reply_comes_from_a_team_of_the_stage_and_says_something() -> None:
    """A stranger's, an empty one and one without end."""
    for wrong in (reply(team="x"), reply(text="x" * 20_001)):
        with pytest.raises(InvalidInput):
            reply_act(WINDOW, wrong, ())
    empty = TeamReply(
        team="han", component="projector", at=reply().at, text=Text(ko=" ", en="")
    )
    with pytest.raises(InvalidInput):
        reply_act(WINDOW, empty, ())
