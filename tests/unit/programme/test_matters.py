"""Matters grow by numbered acts, and nobody's act is lost or overwritten."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from dokja.adapters.store import open_act_log
from dokja.errors import Conflict
from dokja.programme.matters import (
    Mandate,
    Matter,
    acts_of,
    ids_of,
    next_act,
    read_history,
)


class Opened(msgspec.Struct, frozen=True, tag_field="what", tag="opened"):
    """A matter began."""

    title: str


class Closed(msgspec.Struct, frozen=True, tag_field="what", tag="closed"):
    """A matter ended."""


MATTER = Matter(programme="p", kind="call", id="initial")


def mandate(by: str) -> Mandate:
    """A mandate of an officer."""
    return Mandate(by=by, at="2026-01-01T09:00:00+09:00", clause="2.1")


def test_history_reads_back_in_order_with_who_and_why() -> None:
    """What was appended is what is read."""
    first = next_act(MATTER, (), Opened(title="t"), seen=0, mandate=mandate("a"))
    other = next_act(
        Matter(programme="p", kind="call", id="initial/2"),
        (),
        Opened(title="u"),
        seen=0,
        mandate=mandate("a"),
    )
    second = next_act(MATTER, (first,), Closed(), seen=1, mandate=mandate("b"))
    own = acts_of(MATTER, (other, second, first))
    assert own == (first, second)
    assert ids_of("call", (first, other, second)) == ("initial", "initial/2")
    history = read_history(own, Opened | Closed)  # type: ignore[arg-type]
    assert [r.event for r in history] == [Opened(title="t"), Closed()]
    assert [r.mandate.by for r in history] == ["a", "b"]


def test_acting_on_an_old_page_is_a_conflict() -> None:
    """Whoever did not read the latest entry is told so."""
    first = next_act(MATTER, (), Opened(title="t"), seen=0, mandate=mandate("a"))
    with pytest.raises(Conflict):
        next_act(MATTER, (first,), Closed(), seen=0, mandate=mandate("b"))


def test_of_two_officers_at_once_the_record_takes_one(tmp_path: Path) -> None:
    """Both read nothing yet; the second append is refused, whatever it says."""
    with open_act_log(f"sqlite:///{tmp_path}/acts.sqlite") as log:
        log.append([next_act(MATTER, (), Closed(), seen=0, mandate=mandate("a"))])
        rival = next_act(MATTER, (), Closed(), seen=0, mandate=mandate("b"))
        with pytest.raises(Conflict):
            log.append([rival])
        assert len(log.acts("p", "programme")) == 1


def test_missing_entry_is_refused() -> None:
    """A history with a hole is not read as if it were whole."""
    first = next_act(MATTER, (), Opened(title="t"), seen=0, mandate=mandate("a"))
    second = next_act(MATTER, (first,), Closed(), seen=1, mandate=mandate("a"))
    with pytest.raises(Conflict):
        read_history((second,), Opened | Closed)  # type: ignore[arg-type]
