"""`dokja programme rehearse` as an office runs it."""

from __future__ import annotations

import json
from pathlib import Path

from dokja.evidence.canonical import canonical_bytes
from tests.e2e.conftest import dokja
from tests.rulebooks import changed

QUICK = ("--simulations", 40, "--voters", 30)
REHEARSE = ("programme", "rehearse", "example", *QUICK)


def test_json_is_exactly_the_canonical_bytes_and_repeats() -> None:
    """Equal options, equal bytes, and no clock among them."""
    first, again = dokja(*REHEARSE, "--json"), dokja(*REHEARSE, "--json")
    assert first.code == 0, first.err
    plain = json.loads(first.out)
    assert first.out.encode() == canonical_bytes(plain) + b"\n"
    assert first.out == again.out
    assert plain["schema"] == "dokja-rehearsal/1"
    assert {r["scenario"]["id"] for r in plain["scenarios"]} >= {
        "voters_49",
        "leader_fails_gate",
        "level_totals",
        "missing_run",
        "withdrawal",
    }
    assert dokja(*REHEARSE, "--seed", 1, "--json").out != first.out


def test_the_table_says_in_both_languages_that_all_is_simulated() -> None:
    """Assumptions first, and progress stays off the page."""
    english, korean = dokja(*REHEARSE), dokja(*REHEARSE, "--lang", "ko")
    assert english.code == korean.code == 0
    assert "Every figure is simulated" in " ".join(english.out.split())
    assert "모의실험하여 얻은 것" in " ".join(korean.out.split())
    assert "Assumed: 5 teams" in english.out
    assert "as_assumed" in english.err
    assert "as_assumed" not in english.out


def test_a_draft_that_check_refuses_is_rehearsed(tmp_path: Path) -> None:
    """The gap stands in the list; only a rulebook nobody can read ends with 5."""
    draft = tmp_path / "rulebook.toml"
    draft.write_text(changed("[ties]", "[unread]").split("[unread]")[0], "utf-8")
    assert dokja("programme", "check", draft).code == 5
    found = dokja("programme", "rehearse", draft, *QUICK)
    assert found.code == 0, found.err
    assert "what breaks equal totals" in " ".join(found.out.split())
    draft.write_text("keeps = 4", "utf-8")
    assert dokja("programme", "rehearse", draft, *QUICK).code == 5


def test_an_unknown_stage_is_refused() -> None:
    """With the stages there are."""
    refused = dokja(*REHEARSE, "--stage", "stage-9")
    assert refused.code == 5
    assert "stage-1" in refused.err
