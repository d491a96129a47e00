"""`dokja allegation`: from the receipt to what the public reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dokja.cli import commands
from dokja.errors import DokjaError

FILES = {
    "receipt": """
team = "moraesinae"
component = "text_decoder"
aspect = "technical"
about = { ko = "가중치가 닮았다는 제보", en = "weights said to be alike" }
accuser = "rejected_applicant"
interest = "not_stated"
""",
    "triage": 'to_measure = ["lineage of the decoder"]',
    "measured": f"""
[[facts]]
what = "T1"
digest = "sha256:{"0" * 64}"
bears_out = true
""",
    "reply": 'text = { ko = "직접 학습함", en = "trained by us" }',
    "upheld": """
outcome = "upheld"
reasons = { ko = "측정으로 확인됨", en = "measured" }
""",
}


class Office:
    """Runs commands in one work folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name, text in FILES.items():
            (folder / f"{name}.toml").write_text(text, encoding="utf-8")

    def run(self, step: str, name: str, file: str, *more: str) -> Result:
        """A step of an allegation by an officer, or by the team for its reply."""
        by = "moraesinae" if step == "reply" else "officer-1"
        words = [step, name, str(self._folder / f"{file}.toml"), *more]
        return self._called(*words, "--by", by, "--clause", "3.5")

    def join(self, name: str, to: str) -> Result:
        """The allegation joined to another."""
        mandate = ("--by", "officer-1", "--clause", "3.5")
        return self._called("triage", name, "--join", to, *mandate)

    def triage_without_words(self, name: str) -> Result:
        """Triage that says neither what to measure nor what it is joined to."""
        return self._called("triage", name, "--by", "officer-1", "--clause", "3.5")

    def listed(self, *more: str) -> Result:
        """What is on record."""
        return self._called("list", *more)

    def _called(self, *words: str) -> Result:
        work = str(self._folder / "office")
        return CliRunner().invoke(commands, ["allegation", *words, "--work", work])


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office without any allegation."""
    return Office(tmp_path)


def test_the_course_of_an_allegation_that_is_upheld(office: Office) -> None:
    """Two say the same and are joined; the public reads it once it is resolved."""
    assert "No allegation" in office.listed().output
    assert office.run("file", "a-1", "receipt").exit_code == 0
    second = office.run("file", "a-2", "receipt")
    assert "same as: a-1" in second.stderr
    assert office.join("a-2", "a-1").exit_code == 0
    assert office.run("triage", "a-1", "triage").exit_code == 0
    assert office.run("measure", "a-1", "measured").exit_code == 0
    early = office.run("resolve", "a-1", "upheld")
    assert isinstance(early.exception, DokjaError)
    assert "until" in str(early.exception)
    assert json.loads(office.listed("--public", "--json").stdout)["published"] == []
    standings = json.loads(office.listed("--json").stdout)["standings"]
    assert [one["state"] for one in standings] == ["measured"]
    told = " ".join(office.listed().output.split())
    assert "does not say whether there is an interest" in told
    assert office.run("reply", "a-1", "reply").exit_code == 0
    assert office.run("resolve", "a-1", "upheld", "--dry-run").exit_code == 0
    assert office.run("resolve", "a-1", "upheld").exit_code == 0
    (shown,) = json.loads(office.listed("--public", "--json").stdout)["published"]
    assert (shown["id"], shown["outcome"]) == ("a-1", "upheld")
    assert "인용" in office.listed("--public", "--lang", "ko").output


def test_what_cannot_be_joined_or_is_not_said_is_refused(office: Office) -> None:
    """To itself, to what is not there, and triage without saying what to measure."""
    office.run("file", "a-1", "receipt")
    for to in ("a-1", "a-9"):
        assert isinstance(office.join("a-1", to).exception, DokjaError)
    assert (
        office._called("triage", "a-1", "--by", "o", "--clause", "3.5").exit_code == 2
    )
