"""A stage that meets folders which their teams sealed."""

from __future__ import annotations

import hashlib

import msgspec
import pytest

from dokja.adapters.signing import Ed25519Signer
from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from dokja.report import render_stage_report
from dokja.stage.acts import SEAL, bundled, read_evidence
from dokja.submission.team_seal import Sealing, seal_folder, state_keys
from dokja.submission.values import SealTrust, TeamSeal
from dokja.training.last_head import last_head
from dokja.wiring.instruments import PemKeys
from dokja.wiring.licences import shipped_tables
from tests.programme_simulator import MemoryFolder, SimulatedStage

KEY = Ed25519Signer.from_seed(hashlib.sha256(b"not a secret: t1").digest())
OTHER = Ed25519Signer.from_seed(hashlib.sha256(b"not a secret: t2").digest())


def _seal(folder: MemoryFolder, key: Ed25519Signer = KEY) -> None:
    made = seal_folder(
        folder,
        Sealing(
            key=key,
            model_key=None,
            statements=state_keys("t1", key=key, model_key=None),
            name="t1",
            inside=True,
            made_by="dokja test",
        ),
        keys=PemKeys(),
        tables=shipped_tables(),
        record_at=lambda record, paths: last_head(record, paths, folder),
    )
    folder.texts |= {name: data.decode() for name, data in made.files.items()}


def _registered(key: Ed25519Signer, team: str = "t1") -> str:
    return f'[[team_keys]]\nteam = "{team}"\nkey = """\n{key.verifier.pem}"""\n'


def _sealed_stage(*, registered: Ed25519Signer | None) -> SimulatedStage:
    stage = SimulatedStage()
    _seal(stage.folders["t1"])
    if registered is not None:
        stage.exceptions = _registered(registered)
    return stage


@pytest.mark.parametrize(
    ("registered", "trust"),
    [(KEY, SealTrust.VERIFIED), (None, SealTrust.UNTRUSTED)],
)
def test_a_team_seal_goes_on_record(
    registered: Ed25519Signer | None, trust: SealTrust
) -> None:
    """With whether its key was known; teams without one have no such entry."""
    stage = _sealed_stage(registered=registered)
    stage.run()
    seals = {s.manifest.team: s for s in read_evidence(bundled(stage.acts())).seals}
    found = seals["t1"].team_seal
    assert isinstance(found, TeamSeal)
    assert (found.trust, found.key_id) == (trust, KEY.key_id)
    assert seals["t2"].team_seal is msgspec.UNSET
    bodies = [a.body for a in stage.acts() if a.kind == SEAL and a.subject != "t1"]
    assert bodies
    assert all("team_seal" not in body for body in bodies)


@pytest.mark.parametrize(
    ("registered", "words"),
    [(KEY, "the team&#39;s registered key"), (None, "not checked against")],
)
def test_the_report_says_who_sealed(
    registered: Ed25519Signer | None, words: str
) -> None:
    """Once, beside the seal of the team that did."""
    page = render_stage_report(_sealed_stage(registered=registered).run())
    assert page.count(words) == 1
    assert page.count(KEY.key_id) == 2, "in Korean and in English"


REFUSED = {
    "a changed file": "notes.txt",
    "a seal of another key": "registered",
    "no seal though a key is registered": "dokja-manifest.json",
}


def _refused_stage(why: str) -> SimulatedStage:
    if why == "a seal of another key":
        return _sealed_stage(registered=OTHER)
    stage = _sealed_stage(registered=KEY)
    if why == "a changed file":
        stage.folders["t1"].texts["notes.txt"] = "added later"
    else:
        del stage.folders["t1"].texts["dokja-manifest.json"]
    return stage


@pytest.mark.parametrize("why", REFUSED)
def test_a_folder_that_is_not_what_was_sealed_is_refused(why: str) -> None:
    """Before anything is measured, and with what is wrong."""
    stage = _refused_stage(why)
    with pytest.raises(InvalidInput, match=REFUSED[why]):
        stage.run()
    assert stage.measured == []
    assert all(act.kind != SEAL for act in stage.acts())


def test_a_key_of_nobody_or_two_of_one_team_are_refused() -> None:
    """The plan says so before the rules freeze."""
    for keys in (_registered(KEY, "t9"), _registered(KEY) + _registered(OTHER)):
        stage = SimulatedStage()
        stage.exceptions = keys
        with pytest.raises(InvalidInput, match="registered for team"):
            stage.inputs()


def test_a_plan_without_keys_is_written_as_before() -> None:
    """What was frozen before keys existed keeps its digest."""
    plan = SimulatedStage().inputs().plan
    assert b"team_keys" not in canonical_bytes(plan)
