"""A witness never cosigns two histories, and knows when it has forgotten."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from dokja.adapters.signing import Ed25519Signer, Ed25519Verifier
from dokja.adapters.witness_link import HttpWitness
from dokja.errors import (
    Conflict,
    DokjaError,
    InvalidInput,
    NotAllowed,
    Unavailable,
)
from dokja.evidence.hash_tree import HashTree
from dokja.recorder import Recorder
from dokja.training.cosign import Refusal, Refused, request_body
from dokja.training.statements import kept_challenges, read_statement
from dokja.training.tree_heads import (
    cosigned_at,
    read_head,
    signed_head,
    with_cosignatures,
)
from dokja.training.values import Challenge, Nonce, Tier, TreeHead
from dokja.web.witness import make_witness_app
from dokja.wiring.training import VerifyRequest, verify_training
from dokja.wiring.witness import WitnessDesk, WitnessRequest, open_witness
from tests.recorded_run import RUN, TEAM, make, state, train_step, write_keys

ORIGIN = f"{TEAM}/{RUN}"


class Log:
    """A team's log as its recorder keeps it."""

    def __init__(self, key: Path, mark: str = "") -> None:
        self._signer = Ed25519Signer.from_pem(key)
        self._mark = mark
        self.tree = HashTree()

    def grown(self, size: int) -> Log:
        """The log with so many entries."""
        while len(self.tree) < size:
            self.tree.append(f"{len(self.tree)}{self._mark}".encode())
        return self

    def note(self, size: int, origin: str = ORIGIN) -> str:
        """The signed head of that size."""
        head = TreeHead(origin=origin, size=size, root=self.tree.root(size))
        return signed_head(head, self._signer)

    def ask(self, old: int, size: int) -> bytes:
        """The request to cosign it."""
        proof = self.tree.consistency_proof(min(old, size), size)
        return request_body(old, proof, self.note(size))


class Place:
    """Keys and folders of one witness and one team."""

    def __init__(self, folder: Path) -> None:
        self.team, self.team_public = write_keys(folder, "team")
        self.key, self.public = write_keys(folder, "witness")
        self.work = folder / "work"
        self.now = 1_800_000_000

    @contextmanager
    def opened(self, *, is_new: bool = False, one_in: int = 1) -> Iterator[WitnessDesk]:
        """The witness at its desk."""
        request = WitnessRequest(
            work=self.work,
            key=self.key,
            name="office",
            teams={TEAM: self.team_public},
            is_new=is_new,
            one_in=one_in,
        )
        with open_witness(request, clock=lambda: self.now) as desk:
            yield desk

    @property
    def verifier(self) -> Ed25519Verifier:
        """The witness's public key."""
        return Ed25519Verifier.from_pem_text(self.public.read_text())


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Nothing was witnessed yet."""
    return Place(tmp_path)


def test_a_growing_log_is_cosigned(place: Place) -> None:
    """Anybody with the witness's key sees when it was seen."""
    log = Log(place.team).grown(9)
    with place.opened(is_new=True) as desk:
        for old, size in ((0, 4), (4, 4), (4, 9)):
            line = desk.cosign(log.ask(old, size))
            assert isinstance(line, str)
            note = with_cosignatures(log.note(size), line)
            assert cosigned_at(read_head(note.encode()), place.verifier) == place.now


def test_a_second_history_is_refused_even_after_a_restart(place: Place) -> None:
    """The one thing a witness is for."""
    log, other = Log(place.team).grown(9), Log(place.team, "other").grown(9)
    with place.opened(is_new=True) as desk:
        assert isinstance(desk.cosign(log.ask(0, 4)), str)
        assert desk.cosign(other.ask(0, 9)) == Refused(Refusal.STALE, 4)
        assert desk.cosign(other.ask(4, 9)) == Refused(Refusal.FORKED, 4)
    with place.opened() as desk:
        assert desk.cosign(other.ask(4, 9)) == Refused(Refusal.FORKED, 4)
        assert desk.cosign(log.ask(9, 4)) == Refused(Refusal.STALE, 4)
        assert isinstance(desk.cosign(log.ask(4, 9)), str)


def test_only_registered_teams_are_witnessed(place: Place, tmp_path: Path) -> None:
    """Whoever could sign for a team could use up its history."""
    stranger, _ = write_keys(tmp_path, "stranger")
    with place.opened(is_new=True) as desk:
        with pytest.raises(NotAllowed):
            desk.cosign(Log(stranger).grown(3).ask(0, 3))
        with pytest.raises(NotAllowed):
            desk.nonce("nobody/run-1")


def _lose_all(place: Place) -> None:
    shutil.rmtree(place.work)


def _restore_older(place: Place) -> None:
    older = place.work.with_name("older")
    shutil.rmtree(place.work)
    shutil.copytree(older, place.work)


def _lose_mark(place: Place) -> None:
    place.key.with_name(place.key.name + ".witness").unlink()


@pytest.mark.parametrize("loss", [_lose_all, _restore_older, _lose_mark])
def test_it_refuses_to_start_after_losing_its_memory(
    place: Place, loss: object
) -> None:
    """It could cosign again what it has forgotten, along another history."""
    log = Log(place.team).grown(9)
    with place.opened(is_new=True) as desk:
        desk.cosign(log.ask(0, 4))
    shutil.copytree(place.work, place.work.with_name("older"))
    with place.opened() as desk:
        desk.cosign(log.ask(4, 9))
    assert callable(loss)
    loss(place)
    with pytest.raises(Conflict), place.opened():
        pass
    if loss is not _lose_mark:
        with pytest.raises(Conflict), place.opened(is_new=True):
            pass


def test_it_is_one_process(place: Place) -> None:
    """Two would not know of each other's heads."""
    with place.opened(is_new=True), pytest.raises(Conflict), place.opened():
        pass


def test_a_clock_that_goes_backwards_cosigns_nothing(place: Place) -> None:
    """A head would be dated before one that it contains."""
    log = Log(place.team).grown(9)
    with place.opened(is_new=True) as desk:
        assert isinstance(desk.cosign(log.ask(0, 4)), str)
        place.now -= 1
        with pytest.raises(Conflict):
            desk.cosign(log.ask(4, 9))
        with pytest.raises(Conflict):
            desk.nonce(ORIGIN)
        place.now += 1
        assert isinstance(desk.cosign(log.ask(4, 9)), str)


def test_nonces_and_challenges_are_signed_and_random(place: Place) -> None:
    """Both are worth something only if nobody could have known them."""
    keys = (place.verifier,)
    with place.opened(is_new=True) as desk:
        assert desk.challenge(ORIGIN) is None
        desk.cosign(Log(place.team).grown(9).ask(0, 9))
        nonces = [read_statement(desk.nonce(ORIGIN), Nonce, keys) for _ in range(3)]
        drawn = [desk.challenge(ORIGIN) for _ in range(30)]
    assert len({nonce.value for nonce in nonces if nonce}) == 3
    said = [read_statement(each or b"", Challenge, keys) for each in drawn]
    entries = {each.entry for each in said if each}
    assert len({each.id for each in said if each}) == 30
    assert len(entries) > 3
    assert entries <= set(range(1, 10))


def test_the_challenges_it_keeps_are_given_out_signed(place: Place) -> None:
    """A team that hides one cannot hide it from whoever asks the witness."""
    keys = (place.verifier,)
    with place.opened(is_new=True) as desk:
        client = TestClient(make_witness_app(desk))
        answer = client.get(f"/challenges?origin={ORIGIN}")
        assert kept_challenges(answer.content, keys) == ()
        desk.cosign(Log(place.team).grown(9).ask(0, 9))
        drawn = [read_statement(desk.challenge(ORIGIN) or b"", Challenge, keys)]
        drawn += [read_statement(desk.challenge(ORIGIN) or b"", Challenge, keys)]
        answer = client.get(f"/challenges?origin={ORIGIN}")
        assert client.get("/challenges?origin=nobody/run").status_code == 403
    assert kept_challenges(answer.content, keys) == tuple(drawn)
    stranger = Ed25519Signer.from_seed(b"s" * 32).verifier
    for data, trusted in ((answer.content, (stranger,)), (b"{}", keys), (b"[1]", keys)):
        with pytest.raises(InvalidInput):
            kept_challenges(data, trusted)


def test_the_app_answers_as_the_protocol_says(place: Place) -> None:
    """Any tlog client can then speak to it."""
    log, other = Log(place.team).grown(9), Log(place.team, "other").grown(9)
    with place.opened(is_new=True, one_in=10**9) as desk:
        client = TestClient(make_witness_app(desk))

        def post(body: bytes) -> tuple[int, str]:
            answer = client.post("/add-checkpoint", content=body)
            return answer.status_code, answer.text

        assert post(log.ask(0, 4))[0] == 200
        assert post(log.ask(0, 9)) == (409, "4\n")
        assert post(other.ask(4, 9))[0] == 422
        assert post(b"old x\n\n")[0] == 400
        assert post(b"a" * (1 << 18))[0] == 413
        assert client.post(f"/challenges?origin={ORIGIN}").status_code == 204
        assert client.post("/nonces?origin=nobody/run").status_code == 403
        place.now -= 5
        assert post(log.ask(4, 9))[0] == 503


def _serve(place: Place, port: int, *more: str) -> subprocess.Popen[bytes]:
    dokja = Path(sys.executable).with_name("dokja")
    command: list[str | Path] = [dokja, "training", "witness"]
    command += ["--work", place.work, "--key", place.key, "--port", str(port)]
    command += ["--team", f"{TEAM}={place.team_public}", "--challenge-one-in", "1"]
    child = subprocess.Popen(
        [*command, *more], env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    for _ in range(600):
        if child.poll() is not None:
            return child
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return child
        time.sleep(0.1)
    raise AssertionError("the witness does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_run_is_witnessed_though_the_witness_is_killed_and_restarted(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Training goes on meanwhile, and what was seen twice is seen as one log."""
    monkeypatch.setattr("dokja.recorder.relay.RETRY_SECONDS", 0.2)
    port, record = _free_port(), tmp_path / "record"
    address = f"http://127.0.0.1:{port}"
    child = _serve(place, port, "--new")
    try:
        model, optimizer = make()
        with Recorder(
            record, team=TEAM, run=RUN, key=place.team, witness=address
        ) as recorder:
            recorder.begin(model, optimizer, recipe="")
            for step in range(1, 41):
                recorder.step(step, loss=train_step(model, optimizer, step))
                if step in (10, 20, 30):
                    recorder.checkpoint(step, state(model, optimizer))
                    time.sleep(0.5)
                if step == 15:
                    child.send_signal(signal.SIGKILL)
                    child.wait()
                    with pytest.raises(Unavailable):
                        HttpWitness(address, seconds=1).nonce(ORIGIN)
                if step == 25:
                    child = _serve(place, port)
                    time.sleep(1)
    finally:
        child.kill()
        child.wait()
    request = VerifyRequest(
        record=record, team_key=place.team_public, witness_keys=[place.public]
    )
    verdict = verify_training(request)
    found = {check.id: check.result.value for check in verdict.checks}
    assert verdict.tier is Tier.E2, verdict.checks
    assert found["V3"] == "pass"
    assert list((record / "statements").glob("challenge-*"))
    assert found["V17"] == "pass"
    _backdated(record, request)


def _backdated(record: Path, request: VerifyRequest) -> None:
    """Without the witness's lines the same record is one that anybody could write."""
    for path in (record / "heads").iterdir():
        top, _, lines = path.read_text().partition("\n\n")
        path.write_text(f"{top}\n\n{lines.splitlines(keepends=True)[0]}")
    verdict = verify_training(request)
    assert verdict.tier is Tier.E1
    assert verdict.checks[2].result.value == "fail"
    assert verdict.outcome.value == "inconclusive"


def test_a_damaged_mark_is_no_new_beginning(place: Place) -> None:
    """Half a file must not read as an unused key."""
    with place.opened(is_new=True):
        pass
    place.key.with_name(place.key.name + ".witness").write_bytes(b'{"ident')
    with pytest.raises(DokjaError), place.opened():
        pass


class _DeskLink:
    """The way to a desk in this process; stands in for `HttpWitness`."""

    def __init__(self, desk: WitnessDesk) -> None:
        self._desk = desk

    def nonce(self, origin: str) -> bytes:
        return self._desk.nonce(origin)

    def cosign(self, body: bytes) -> str | int:
        answer = self._desk.cosign(body)
        return answer if isinstance(answer, str) else answer.known

    def challenge(self, origin: str) -> bytes | None:
        return self._desk.challenge(origin)


@pytest.mark.parametrize(
    ("before", "during", "tier"),
    [(0, 0, Tier.E2), (200, 0, Tier.E2), (-86_400 * 3, 0, Tier.E1), (0, 900, Tier.E1)],
)
def test_a_log_dated_otherwise_than_it_was_seen_stays_at_e1(
    place: Place,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    before: int,
    during: int,
    tier: Tier,
) -> None:
    """A nonce three days old, or a clock a quarter of an hour off; not two minutes."""
    record = tmp_path / "record"
    place.now = int(time.time()) + before
    with place.opened(is_new=True) as desk:
        monkeypatch.setattr(
            "dokja.wiring.recording.HttpWitness", lambda _: _DeskLink(desk)
        )
        model, optimizer = make()
        with Recorder(
            record, team=TEAM, run=RUN, key=place.team, witness="desk"
        ) as recorder:
            place.now = int(time.time()) + max(before, 0) + during
            recorder.begin(model, optimizer, recipe="")
            for step in range(1, 4):
                recorder.step(step, loss=train_step(model, optimizer, step))
    request = VerifyRequest(
        record=record, team_key=place.team_public, witness_keys=[place.public]
    )
    verdict = verify_training(request)
    assert verdict.tier is tier, verdict.checks[2]
    # Nobody is accused: a wrong clock looks the same.
    assert verdict.outcome.value != "fail"
