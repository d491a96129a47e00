"""Probes of commitments against real servers, files and models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from dokja.cli import commands
from dokja.errors import DokjaError, InvalidInput, NotAllowed, Unavailable
from dokja.evidence.canonical import digest_bytes
from tests.contract.chat_server import (
    MODEL,
    Reaction,
    breaks_off,
    chat_server,
    drips,
    endless,
    garbage,
    hangs,
    refuses,
    says,
)
from tests.contract.hostile_servers import answers_with, packed

ENDPOINT = '{ measure = "endpoint", availability = 0.9, p95_seconds = 5.0 }'
LICENCE = '{ measure = "licence" }'
DUE = ("--on", "2026-07-01")
QUICK = ("--every", "0.01", "--within", "0.4")
Commitment = dict[str, Any]


class Office:
    """An office's work folder, asked through the command line."""

    def __init__(self, place: Path) -> None:
        self.work = place / "office"

    def run(self, *words: str, acting: bool = True) -> Result:
        """What a command does; a refusal is raised."""
        acts = ("--by", "officer-1", "--clause", "1.1") if acting else ()
        asked = ["commitment", *words, *acts, "--work", str(self.work)]
        result = CliRunner().invoke(commands, asked)
        if isinstance(result.exception, DokjaError):
            raise result.exception
        assert result.exit_code in {0, 3, 4}, result.output
        return result

    def promise(self, rule: str) -> None:
        """Enters a promise that was due at the end of June."""
        place = self.work.parent / "promise.toml"
        place.write_text(
            'team = "alpha"\ntext = { ko = "약속", en = "promise" }\n'
            'target = { ko = "목표", en = "target" }\n'
            'source = { publisher = "alpha", on = "2025-08" }\n'
            f'rule = {rule}\nreporter = "probe"\ndue = "2026-06"\n',
            "utf-8",
        )
        self.run("register", "it", str(place))

    def found(self) -> Commitment:
        """The commitment once its day has passed."""
        result = self.run("show", *DUE, "--json", acting=False)
        commitment: Commitment = json.loads(result.output)["commitments"][0]
        return commitment

    def probe(self, *words: str) -> Commitment:
        """The commitment after a probe, whose evidence has been derived again."""
        self.run("probe", "it", *words)
        assert "pass" in self.run("verify", "it", acting=False).output
        return self.found()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office without promises."""
    return Office(tmp_path)


@contextmanager
def served(other: Reaction, *first: Reaction) -> Iterator[str]:
    """The address of a model that reacts so to every question after the first ones."""
    reactions = {"어떤 날": [*first, other]} if first else {}
    with chat_server(reactions, other) as server:
        yield server.address


def figure(commitment: Commitment, name: str) -> dict[str, Any]:
    """The estimate under a name."""
    found = {f["name"]: f["estimate"] for f in commitment["findings"]}
    estimate: dict[str, Any] = found[name]
    return estimate


def test_a_model_that_answers_keeps_its_promise(office: Office) -> None:
    """A hundred requests on their way at once, every one answered whole."""
    office.promise(ENDPOINT)
    with served(says("네")) as address:
        found = office.probe(address, "--model", MODEL, "--times", "100", *QUICK)
    assert found["status"] == "met"
    availability = figure(found, "availability")
    assert (availability["value"], availability["n"]) == (1.0, 100)
    [entry] = found["measurements"]
    kept = (
        office.work / "probes" / f"{entry['evidence'][0].removeprefix('sha256:')}.json"
    )
    assert digest_bytes(kept.read_bytes()) == entry["evidence"][0]
    assert len(json.loads(kept.read_bytes())["seen"]["requests"]) == 100


@pytest.mark.parametrize(
    ("reaction", "reason"),
    [
        (hangs, "slow"),
        (drips, "slow"),
        (refuses(503), "server_error"),
        (breaks_off, "cut_off"),
        (garbage, "malformed"),
        (packed, "malformed"),
    ],
)
def test_what_is_no_whole_answer_counts_as_none(
    office: Office, reaction: Reaction, reason: str
) -> None:
    """Timeouts, 5xx, streams that break off or never end: 2 of 20 were answered."""
    office.promise(ENDPOINT)
    with served(reaction, says("네"), says("네")) as address:
        found = office.probe(address, "--model", MODEL, "--times", "20", *QUICK)
    assert found["status"] == "missed"
    assert figure(found, "availability")["value"] == 0.1
    assert f"{reason} 18" in found["measurements"][0]["note"]["en"]


@pytest.mark.parametrize(
    "reaction",
    [
        refuses(401),
        refuses(404),
        refuses(429),
        endless,
        garbage,
        answers_with(302, Location="http://127.0.0.1:1/"),
    ],
)
def test_a_probe_that_was_never_let_in_files_nothing(
    office: Office, reaction: Reaction
) -> None:
    """A wrong key, address or pace is not the service's failure."""
    office.promise(ENDPOINT)
    with (
        served(reaction) as address,
        pytest.raises(Unavailable, match="nothing was learnt"),
    ):
        office.probe(address, "--model", MODEL, "--times", "3", *QUICK)
    assert office.found()["measurements"] == []
    assert not (office.work / "probes").exists()


def test_a_page_that_is_down_is_down_where_another_answers(office: Office) -> None:
    """Without a control nobody knows who is offline; with one, it is the service."""
    office.promise(ENDPOINT)
    gone = "http://127.0.0.1:1/health"
    with pytest.raises(Unavailable, match="--control"):
        office.probe(gone, "--times", "3", *QUICK)
    with served(says("")) as address:
        assert (
            office.probe(f"{address}/health", "--times", "80", *QUICK)["status"]
            == "met"
        )
        found = office.probe(gone, "--control", address, "--times", "40", *QUICK)
    assert found["status"] == "missed"
    assert figure(found, "p95") is None
    with pytest.raises(Unavailable, match="nothing was learnt"):
        office.probe(gone, "--control", "http://127.0.0.1:1", "--times", "3", *QUICK)
    assert len(office.found()["measurements"]) == 2


@pytest.mark.parametrize(
    "words",
    [
        ("ftp://127.0.0.1/",),
        ("http://user:secret@127.0.0.1/",),
        ("http://127.0.0.1/", "http://127.0.0.1/2"),
        (),
        ("http://127.0.0.1/", "--every", "0.01", "--within", "60"),
    ],
)
def test_addresses_and_paces_that_make_no_sense_are_refused(
    office: Office, words: tuple[str, ...]
) -> None:
    """Before anything is asked."""
    office.promise(ENDPOINT)
    with pytest.raises(InvalidInput):
        office.run("probe", "it", *words)


def test_dry_run_asks_and_writes_nothing(office: Office) -> None:
    """What would be filed is shown."""
    office.promise(LICENCE)
    words = ("--licence", "MIT", "--read-in", "https://example.org/LICENSE")
    shown = json.loads(office.run("probe", "it", *words, "--dry-run", "--json").output)
    assert shown["body"]["event"]["figures"][0]["estimate"]["value"] == 1.0
    assert office.found()["measurements"] == []
    assert not (office.work / "probes").exists()


@pytest.mark.parametrize(
    ("card", "status"),
    [
        ("---\nlicense: apache-2.0\n---\n", "met"),
        ("---\nlicense: cc-by-nc-4.0\n---\n", "missed"),
        ("---\nlicense: our-own-1\n---\n", "undetermined"),
        (None, "undetermined"),
    ],
)
def test_a_release_is_read_for_its_licence(
    office: Office, tmp_path: Path, card: str | None, status: str
) -> None:
    """What the tables do not know stays open, and the note says why."""
    office.promise(LICENCE)
    release = tmp_path / "release"
    release.mkdir()
    if card:
        (release / "README.md").write_text(card, "utf-8")
    found = office.probe(str(release))
    assert found["status"] == status
    assert ("cannot tell" in found["measurements"][0]["note"]["en"]) == (
        status == "undetermined"
    )


def test_a_probe_that_settles_nothing_takes_nothing_back(
    office: Office, tmp_path: Path
) -> None:
    """A licence that was read stays read where the card is later gone."""
    office.promise(LICENCE)
    read = ("--licence", "CC-BY-NC-4.0", "--read-in", "LICENSE")
    assert office.probe(*read)["status"] == "missed"
    found = office.probe(str(tmp_path))
    assert found["status"] == "missed"
    assert len(found["measurements"]) == 2


def test_promises_that_no_probe_can_measure_are_refused(office: Office) -> None:
    """Reported numbers have a command of their own."""
    office.promise('{ measure = "count", at_least = 40, unit = "companies" }')
    with pytest.raises(NotAllowed, match="no probe"):
        office.run("probe", "it", "http://127.0.0.1/")
    with pytest.raises(Unavailable, match="there is no commitment"):
        office.run("probe", "other", "http://127.0.0.1/")


def test_changed_evidence_is_found_out(office: Office, tmp_path: Path) -> None:
    """Verification exits 4 where the kept file is gone or another."""
    office.promise(LICENCE)
    office.run("probe", "it", "--licence", "MIT", "--read-in", "LICENSE")
    [kept] = (office.work / "probes").iterdir()
    kept.write_bytes(kept.read_bytes().replace(b"MIT", b"GPL"))
    result = office.run("verify", "it", acting=False)
    assert result.exit_code == 4
    assert "not what its name says" in result.output


def test_figures_that_do_not_follow_from_their_evidence_are_found_out(
    office: Office, tmp_path: Path
) -> None:
    """Somebody files a probe's evidence under a figure of their own."""
    office.promise(LICENCE)
    read = ("--licence", "CC-BY-NC-4.0", "--read-in", "LICENSE", "--json")
    event = json.loads(office.run("probe", "it", *read).output)["body"]["event"]
    event["figures"][0]["estimate"]["value"] = 1.0
    del event["what"]
    forged = tmp_path / "forged.json"
    forged.write_text(json.dumps(event), "utf-8")
    office.run("measure", "it", str(forged))
    result = office.run("verify", "it", acting=False)
    assert result.exit_code == 3
    assert "does not follow" in result.output
