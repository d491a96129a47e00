"""`dokja replay` as a user runs it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from dokja import settings
from dokja.cli.replay import UNSETTLED, replay
from dokja.evidence.canonical import canonical_bytes

DOKJA = Path(sys.executable).with_name("dokja")
PROGRAMMES = Path(__file__).resolve().parents[2] / "programmes"


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [DOKJA, "replay", *arguments],
        cwd=folder,
        capture_output=True,
        timeout=120,
        check=False,
    )


def test_json_is_exactly_the_canonical_bytes(tmp_path: Path) -> None:
    """Others digest this output; one stray byte would change the digest."""
    done = _run(tmp_path, "k-ai-stage-1", "--json")
    assert done.returncode == 0, done.stderr.decode()
    plain = json.loads(done.stdout)
    assert done.stdout == canonical_bytes(plain) + b"\n"
    assert plain["outcome"]["advances"] == ["lg", "skt", "upstage"]
    assert plain["outcome"]["eliminated_by_rank"] == ["ncai"]
    assert plain["outcome"]["eliminated_by_gate"] == ["naver"]
    assert (plain["outcome"]["vacancy"], plain["outcome"]["selected"]) == (1, "motif")
    assert all(fact["holds"] for fact in plain["facts"])
    assert len(plain["unknown"]) >= 10


def test_two_runs_print_the_same_bytes(tmp_path: Path) -> None:
    """A replay that varies is no evidence."""
    first, second = (_run(tmp_path, "k-ai-stage-1", "--json") for _ in range(2))
    assert first.stdout == second.stdout


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            (
                "advances: LG AI Research, SK Telecom, Upstage",
                "eliminated by the gate: NAVER Cloud",
                "eliminated by rank: NC AI",
                "Motif Technologies",
                "Not affiliated with any ministry or company",
                "The party's position",
                "no decision",
            ),
        ),
        (
            "ko",
            (
                "진출: LG AI연구원, SK텔레콤, 업스테이지",
                "독자성 분석에 따른 탈락: 네이버클라우드",
                "순위에 따른 탈락: NC AI",
                "모티프테크놀로지스",
                "어느 부처나 기업과도 관련이 없다",
                "당사자의 입장",
                "결정하지 않음",
            ),
        ),
    ],
)
def test_the_text_says_it_in_both_languages(
    tmp_path: Path, lang: str, words: tuple[str, ...]
) -> None:
    """An office reads Korean, an outside auditor English."""
    done = _run(tmp_path, "k-ai-stage-1", "--lang", lang)
    assert done.returncode == 0, done.stderr.decode()
    text = " ".join(done.stdout.decode().split())
    assert [each for each in words if each not in text] == []
    assert "✗" not in text


def test_an_unknown_case_lists_the_known_ones(tmp_path: Path) -> None:
    """A mistyped name must lead to the right one, not to a traceback."""
    done = _run(tmp_path, "k-ai-stage-9")
    message = done.stderr.decode()
    assert done.returncode == 5
    assert done.stdout == b""
    assert "k-ai-stage-9" in message
    assert "known cases: k-ai, k-ai-stage-1" in message
    assert "Traceback" not in message


def test_an_open_decision_ends_with_its_own_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script must not take an open decision for a made one."""
    folder = Path(shutil.copytree(PROGRAMMES, tmp_path / "programmes"))
    rules = folder / "k-ai" / "rulebook.toml"
    text = rules.read_text(encoding="utf-8")
    assert text.count('on_undetermined = "stays_with_note"') == 1
    rules.write_text(
        text.replace(
            'on_undetermined = "stays_with_note"', 'on_undetermined = "undecided"'
        ),
        encoding="utf-8",
    )
    monkeypatch.setattr(settings, "shipped_folder", lambda name: tmp_path / name)
    done = CliRunner().invoke(replay, ["k-ai-stage-1"])
    assert done.exit_code == UNSETTLED
    assert "do not decide" in done.output


def test_the_whole_programme_runs_to_the_additional_team(tmp_path: Path) -> None:
    """The published path is walked by acts, and what nobody published stays open."""
    done = _run(tmp_path, "k-ai", "--json")
    assert done.returncode == 0, done.stderr.decode()
    plain = json.loads(done.stdout)
    assert done.stdout == canonical_bytes(plain) + b"\n"
    outcome = plain["outcome"]
    assert outcome["filled_by"] == "motif"
    assert outcome["active_teams"] == ["lg", "motif", "skt", "upstage"]
    assert outcome["next_stage"] is None
    assert {fact["result"] for fact in plain["facts"]} == {
        "reproduced",
        "differs",
        "unknown",
    }
    assert all(fact["sources"] for fact in plain["facts"])
    assert plain["unknown"]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            (
                "✓ reproduced 27 · ≠ differs 13 · ? unknown 12",
                "empty place: Motif Technologies",
                "result of the second stage: unknown",
                "the act says: nobody sits on the panel",
                "the party's position",
                "Not affiliated with any ministry or company",
            ),
        ),
        (
            "ko",
            (
                "✓ 재현 27 · ≠ 다름 13 · ? 알 수 없음 12",
                "빈자리: 모티프테크놀로지스",
                "2차 단계 결과: 알 수 없음",
                "당사자의 입장",
                "어느 부처나 기업과도 관련이 없다",
            ),
        ),
    ],
)
def test_the_whole_programme_is_told_in_both_languages(
    tmp_path: Path, lang: str, words: tuple[str, ...]
) -> None:
    """Each step stands with its result, its ground and the party's own words."""
    done = _run(tmp_path, "k-ai", "--lang", lang)
    assert done.returncode == 0, done.stderr.decode()
    text = " ".join(done.stdout.decode().split())
    assert [each for each in words if each not in text] == []
