"""Probes of commitments against real servers, files and models."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from safetensors.numpy import load_file, save_file

from dokja.cli import commands
from dokja.cli.desk import opened_desk
from dokja.errors import Conflict, DokjaError, InvalidInput, NotAllowed, Unavailable
from dokja.evidence.canonical import digest_bytes
from dokja.settings import read_settings
from dokja.wiring.probe_releases import LicenceAsking
from dokja.wiring.probes import ProbeRequest, probe, probe_act
from tests.contract.agent_server import AgentServer, agent_server, replies, sends
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
from tests.contract.gguf_models import convert
from tests.contract.hostile_servers import answers_with, packed
from tests.e2e.conftest import ROOT
from tests.onnx_llama import export_llama

ENDPOINT = '{ measure = "endpoint", availability = 0.9, p95_seconds = 5.0 }'
TRAINED = ROOT / "examples/models/dalyeoul/text_decoder"
OTHER = ROOT / "examples/models/cheotnunmaeul/text_decoder"
RELEASE = (
    '{ measure = "release", formats = ["safetensors", "GGUF", "onnx"], '
    "tolerance = 0.01 }"
)
ASKED = ("--beacon", "drawn", "--times", "3")
CATALOGUE = '{ measure = "catalogue", entries = 3, answering = 0.6 }'
SAID = {"kind": "message", "role": "agent", "parts": [{"kind": "text", "text": "네"}]}
LICENCE = '{ measure = "licence" }'
WORDS = '{ ko = "약속", en = "promise" }'
SOURCE = 'source = { publisher = "alpha", on = "2025-08" }\n'
DUE = ("--on", "2026-07-01")
QUICK = ("--every", "0.02", "--within", "5")
IMPATIENT = ("--every", "0.02", "--within", "1")
Commitment = dict[str, Any]


class Office:
    """An office's work folder, asked through the command line."""

    def __init__(self, place: Path, stores: Path) -> None:
        self.work = place / "office"
        self.stores = stores

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
        """Enters a promise that was due at the end of June.

        The store of the first office with a rule is copied for the next ones.
        """
        kept = self.stores / digest_bytes(rule.encode())[-16:]
        if kept.exists():
            shutil.copytree(kept, self.work)
            return
        place = self.work.parent / "promise.toml"
        place.write_text(
            f'team = "alpha"\ntext = {WORDS}\ntarget = {WORDS}\n{SOURCE}'
            f'rule = {rule}\nreporter = "probe"\ndue = "2026-06"\n',
            "utf-8",
        )
        self.run("register", "it", str(place))
        shutil.copytree(self.work, kept)

    def found(self) -> Commitment:
        """The commitment once its day has passed."""
        result = self.run("show", *DUE, "--json", acting=False)
        commitment: Commitment = json.loads(result.output)["commitments"][0]
        return commitment

    def probe(self, *words: str) -> Commitment:
        """The commitment after a probe."""
        self.run("probe", "it", *words)
        return self.found()

    def verified(self) -> bool:
        """Whether every measurement follows from its evidence."""
        result = self.run("verify", "it", acting=False)
        return result.exit_code == 0 and "pass" in result.output


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where stores with one promise are kept."""
    return tmp_path_factory.mktemp("stores")


@pytest.fixture
def office(tmp_path: Path, stores: Path) -> Office:
    """An office without promises."""
    return Office(tmp_path, stores)


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
    """Eighty requests on their way at once, every one answered whole."""
    office.promise(ENDPOINT)
    with served(says("네")) as address:
        found = office.probe(address, "--model", MODEL, "--times", "80", *QUICK)
    [entry] = found["measurements"]
    assert found["status"] == "met", entry["note"]
    availability = figure(found, "availability")
    assert availability["n"] == 80
    # On a machine that is busy a single answer may come late.
    assert availability["value"] >= 0.95
    kept = (
        office.work / "probes" / f"{entry['evidence'][0].removeprefix('sha256:')}.json"
    )
    assert digest_bytes(kept.read_bytes()) == entry["evidence"][0]
    assert len(json.loads(kept.read_bytes())["seen"]["requests"]) == 80
    assert office.verified()


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
    """Timeouts, 5xx, streams that break off or never end, after two good answers."""
    office.promise(ENDPOINT)
    pace = IMPATIENT if reason == "slow" else QUICK
    with served(reaction, says("네"), says("네")) as address:
        found = office.probe(address, "--model", MODEL, "--times", "20", *pace)
    assert found["status"] == "missed"
    # On a machine that is busy even a good answer may come late.
    assert figure(found, "availability")["value"] <= 0.1
    assert reason in found["measurements"][0]["note"]["en"]


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
        ("http://127.0.0.1/", "--every", "0.01", "--within", "90"),
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
    assert office.verified()


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
    taken_back = office.work.parent / "back.toml"
    taken_back.write_text(f"reason = {WORDS}\n{SOURCE}", "utf-8")
    office.run("withdraw", "it", str(taken_back))
    with pytest.raises(NotAllowed, match="taken back"):
        office.run("probe", "it", "http://127.0.0.1/")


def test_a_promise_that_changed_while_it_was_measured_is_measured_again(
    office: Office,
) -> None:
    """What was seen answers a question that nobody asks any more."""
    office.promise(LICENCE)
    asking = LicenceAsking(licence="MIT", read_in="LICENSE")
    request = ProbeRequest(commitment="it", places=(), licence=asking)
    with opened_desk("example", office.work) as desk:
        probed = probe(
            desk, request, settings=read_settings({}), on_items=lambda *_: None
        )
        changed = office.work.parent / "changed.toml"
        words = f"text = {WORDS}\ntarget = {WORDS}\nreason = {WORDS}\n{SOURCE}"
        changed.write_text(f"{words}rule = {LICENCE}\n", "utf-8")
        office.run("amend", "it", str(changed))
        mandate = desk.mandate("officer-1", "1.1")
        with pytest.raises(Conflict, match="was changed while"):
            probe_act(desk, probed, mandate=mandate)


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


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained example as GGUF and as ONNX, both in 32-bit floats."""
    place = tmp_path_factory.mktemp("release")
    convert(TRAINED, place / "model.gguf")
    export_llama(TRAINED, place / "onnx" / "model.onnx")
    return place


def states(commitment: Commitment) -> str:
    """What came of each format."""
    note: str = commitment["measurements"][-1]["note"]["en"]
    return note


def test_three_formats_of_one_model_say_the_same(
    office: Office, converted: Path
) -> None:
    """transformers, llama.cpp and ONNX, on tokens that nobody could know before."""
    office.promise(RELEASE)
    with pytest.raises(InvalidInput, match="after the release was published"):
        office.run("probe", "it", str(TRAINED), str(converted))
    found = office.probe(str(TRAINED), str(converted), *ASKED)
    assert found["status"] == "met"
    assert figure(found, "formats")["value"] == 3
    furthest = figure(found, "difference")
    assert 0 < furthest["value"] < 1e-3
    assert furthest["n"] == 3 * 16 * 16
    [kept] = (office.work / "probes").iterdir()
    seen = json.loads(kept.read_bytes())["seen"]
    assert [each["format"] for each in seen["formats"]] == [
        "safetensors",
        "gguf",
        "onnx",
    ]
    assert all(each["engine"] and each["files"] for each in seen["formats"])
    again = office.probe(
        str(TRAINED), str(converted), "--beacon", "later", "--times", "1"
    )
    assert len(again["measurements"]) == 2
    assert office.verified()


def test_a_format_that_is_another_model_is_found_out(
    office: Office, converted: Path
) -> None:
    """The safetensors of one team beside the GGUF of another."""
    office.promise(RELEASE)
    found = office.probe(str(OTHER), str(converted), *ASKED)
    assert found["status"] == "missed"
    assert figure(found, "difference")["value"] > 0.01


def test_what_cannot_be_tried_here_is_never_met_and_never_missed(
    office: Office, converted: Path, tmp_path: Path
) -> None:
    """An ONNX model that asks for what nobody knows, and a format that is not there."""
    office.promise(RELEASE)
    odd = export_llama(TRAINED, tmp_path / "odd" / "model.onnx", extra_input="mystery")
    gguf = str(converted / "model.gguf")
    found = office.probe(str(TRAINED), gguf, str(odd), *ASKED)
    assert found["status"] == "undetermined"
    assert "onnx: not tried" in states(found)
    assert "mystery" in states(found)
    formats = figure(found, "formats")
    assert (formats["value"], formats["low"], formats["high"]) == (2, 2, 3)
    assert figure(found, "difference")["high"] is None
    found = office.probe(gguf, *ASKED)
    assert found["status"] == "undetermined"
    assert "safetensors: not tried (no such file" in states(found)
    found = office.probe(str(tmp_path / "odd"), *ASKED)
    assert found["status"] == "undetermined"
    assert found["measurements"][-1]["figures"] == []


def test_files_that_are_cut_off_do_not_load(
    office: Office, converted: Path, tmp_path: Path
) -> None:
    """Each format's own rules say so; whatever else stops an engine does not."""
    office.promise(RELEASE)
    release = tmp_path / "cut"
    (release / "onnx").mkdir(parents=True)
    for name in ("config.json", "model.safetensors"):
        data = (TRAINED / name).read_bytes()
        keep = len(data) if name == "config.json" else len(data) // 2
        (release / name).write_bytes(data[:keep])
    gguf = (converted / "model.gguf").read_bytes()
    (release / "model.gguf").write_bytes(gguf[: len(gguf) // 2])
    for place in (converted / "onnx").iterdir():
        cut = place.read_bytes()
        keep = len(cut) // 2 if place.suffix == ".onnx_data" else len(cut)
        (release / "onnx" / place.name).write_bytes(cut[:keep])
    found = office.probe(str(release), *ASKED)
    assert found["status"] == "missed"
    assert states(found).count("does not load") == 3
    assert figure(found, "formats")["value"] == 0
    (release / "config.json").write_text('{"model_type": "unheard-of"}', "utf-8")
    whole = (TRAINED / "model.safetensors").read_bytes()
    (release / "model.safetensors").write_bytes(whole)
    assert "safetensors: not tried" in states(office.probe(str(release), *ASKED))


def test_weights_that_are_no_numbers_are_not_tried(
    office: Office, tmp_path: Path
) -> None:
    """A model that gives no probability is nothing to compare with."""
    office.promise(RELEASE)
    release = tmp_path / "nan"
    release.mkdir()
    (release / "config.json").write_bytes((TRAINED / "config.json").read_bytes())
    weights = load_file(TRAINED / "model.safetensors")
    weights["model.norm.weight"] = np.full_like(weights["model.norm.weight"], np.nan)
    save_file(weights, release / "model.safetensors")
    found = office.probe(str(release), *ASKED)
    assert "gives a token no probability" in states(found)
    assert found["status"] == "undetermined"


def test_two_copies_of_a_format_have_to_be_told_apart(
    office: Office, converted: Path, tmp_path: Path
) -> None:
    """Which quantisation is meant is not guessed."""
    office.promise(RELEASE)
    twice = tmp_path / "twice"
    twice.mkdir()
    for name in ("a.gguf", "b.gguf"):
        (twice / name).write_bytes((converted / "model.gguf").read_bytes())
    with pytest.raises(InvalidInput, match="several copies"):
        office.run("probe", "it", str(twice), *ASKED)
    (twice / "c.gguf").symlink_to(twice / "a.gguf")
    with pytest.raises(InvalidInput, match="not there"):
        office.run("probe", "it", str(twice / "nothing"), *ASKED)


@pytest.fixture
def agents() -> Iterator[AgentServer]:
    """A server of agents."""
    with agent_server() as server:
        yield server


def tried(office: Office) -> dict[str, tuple[bool | None, bool | None, str]]:
    """What came of every entry in the newest evidence."""
    newest = office.found()["measurements"][-1]["evidence"][0]
    kept = office.work / "probes" / f"{newest.removeprefix('sha256:')}.json"
    return {
        each["id"]: (each["manifest"], each["answered"], each.get("reason", ""))
        for each in json.loads(kept.read_bytes())["seen"]["tried"]
    }


def test_agents_are_called_as_their_cards_say(
    office: Office, agents: AgentServer
) -> None:
    """Releases 0.3 and 1.0 of A2A, a message and a task."""
    office.promise(CATALOGUE)
    first = agents.agent("first", replies(SAID), protocolVersion="0.3.0")
    offered = {"protocolBinding": "JSONRPC", "protocolVersion": "1.0"}
    offered["url"] = f"{agents.address}/second/a2a"
    message = {"message": {"role": "ROLE_AGENT", "parts": [{"text": "네"}]}}
    second = agents.agent("second", replies(message), supportedInterfaces=[offered])
    working = {"kind": "task", "id": "t", "status": {"state": "working"}}
    third = agents.agent("third", replies(working))
    place = agents.catalogue(first, second, third)
    found = office.probe(place)
    assert found["status"] == "met"
    assert figure(found, "entries")["value"] == 3
    assert figure(found, "answering")["value"] == 1.0
    calls = {call["method"]: call["_version"] for call in agents.calls}
    assert calls == {"message/send": None, "SendMessage": "1.0"}
    assert all(call["_host"].startswith("localhost:") for call in agents.calls)


def test_agents_without_a_card_or_an_answer_are_counted(
    office: Office, agents: AgentServer
) -> None:
    """One of six answers; each of the others fails in its own way."""
    office.promise(CATALOGUE)
    gone = {"id": "gone", "card": f"{agents.address}/nowhere"}
    place = agents.catalogue(
        agents.agent("good", replies(SAID)),
        gone,
        agents.agent("nameless", replies(SAID), name=""),
        agents.agent("broken", sends(b"<html>")),
        agents.agent("down", sends({}, status=503)),
        agents.agent(
            "failed", replies({"kind": "task", "status": {"state": "failed"}})
        ),
    )
    found = office.probe(place)
    assert found["status"] == "missed"
    assert office.verified()
    assert figure(found, "entries")["value"] == 4
    assert figure(found, "answering")["value"] == pytest.approx(1 / 6)
    outcomes = tried(office)
    assert outcomes["gone"][:2] == (False, False)
    assert outcomes["nameless"] == (False, False, "manifest: it lacks name")
    assert all(
        outcomes[name][:2] == (True, False) for name in ("broken", "down", "failed")
    )


def test_agents_that_turn_us_away_are_left_open(
    office: Office, agents: AgentServer
) -> None:
    """A key, a sign-in, another way of asking: none of it is a failure."""
    office.promise(CATALOGUE)
    barred = {"kind": "task", "status": {"state": "auth-required"}}
    error = {"jsonrpc": "2.0", "id": "1", "error": {"code": -32601}}
    place = agents.catalogue(
        agents.agent("key", sends({}, status=401)),
        agents.agent("sign-in", replies(barred)),
        agents.agent("other-method", sends(error)),
        agents.agent("grpc", replies(SAID), preferredTransport="GRPC"),
        agents.agent("good", replies(SAID)),
    )
    found = office.probe(place)
    assert found["status"] == "undetermined"
    assert figure(found, "entries")["value"] == 5
    answering = figure(found, "answering")
    assert (answering["value"], answering["low"], answering["high"]) == (1, 0.2, 1)


def test_a_catalogue_cannot_send_us_into_the_offices_own_network(
    office: Office, agents: AgentServer, tmp_path: Path
) -> None:
    """A list that strangers wrote: private, local and carried addresses, redirects."""
    office.promise(CATALOGUE)
    inside = [
        "http://10.0.0.7/card",
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:10.0.0.7]/card",
        "http://[64:ff9b::a00:7]/card",
        "http://[2002:a00:7::]/card",
        "http://[::1]:9/card",
        "file:///etc/passwd",
        "http://user:pass@localhost/card",
    ]
    entries = [{"id": str(n), "card": card} for n, card in enumerate(inside)]
    hop = {"Location": f"{agents.address}/secret"}

    def redirects(handler: Any, _: Any) -> None:
        handler.send_response(302)
        handler.send_header("Location", hop["Location"])
        handler.end_headers()

    agents.pages["/hop"] = redirects
    hopping = {"id": "hop", "card": f"{agents.address}/hop"}
    outside = agents.agent("good", replies(SAID), url="http://10.0.0.7/a2a")
    office.probe(agents.catalogue(*entries, hopping, outside))
    outcomes = tried(office)
    assert outcomes.pop("good")[:2] == (True, None)
    assert {outcome[:2] for outcome in outcomes.values()} == {(None, None)}
    assert "not of the open network" in outcomes["0"][2]
    assert agents.calls == []
    kept = tmp_path / "catalogue.json"
    kept.write_text(json.dumps({"agents": [outside]}), "utf-8")
    # In a file that lies here no address is the office's word.
    with pytest.raises(Unavailable, match="nothing was learnt"):
        office.run("probe", "it", str(kept))


def test_of_a_long_catalogue_a_part_is_drawn(
    office: Office, agents: AgentServer
) -> None:
    """With a beacon that came later; what was drawn bounds what is said of all."""
    office.promise(CATALOGUE)
    entries = [agents.agent(f"a{n}", replies(SAID)) for n in range(40)]
    place = agents.catalogue(*entries, entries[0])
    with pytest.raises(InvalidInput, match="none were drawn"):
        office.run("probe", "it", place, "--times", "10")
    found = office.probe(place, "--times", "10", "--beacon", "one")
    assert (figure(found, "entries")["value"], figure(found, "entries")["n"]) == (
        40,
        10,
    )
    assert figure(found, "entries")["low"] < 30
    assert found["status"] == "met"
    one = set(tried(office))
    office.probe(place, "--times", "10", "--beacon", "two")
    assert set(tried(office)) != one


@pytest.mark.parametrize(
    "page",
    [b"", b"[]", b'{"agents": 3}', b'{"agents": [{"id": "a"}]}', b"[" * 100_000],
)
def test_what_is_no_catalogue_is_refused(
    office: Office, agents: AgentServer, page: bytes, tmp_path: Path
) -> None:
    """Nothing is filed of it."""
    office.promise(CATALOGUE)
    agents.pages["/list"] = sends(page)
    with pytest.raises(InvalidInput, match="is no catalogue"):
        office.run("probe", "it", f"{agents.address}/list")
    with pytest.raises(Unavailable, match="cannot be read"):
        office.run("probe", "it", f"{agents.address}/nothing")
    with pytest.raises(Unavailable, match="cannot be read"):
        office.run("probe", "it", str(tmp_path / "nothing"))
