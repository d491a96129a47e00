"""The training that the repository carries runs again to the same weights."""

from __future__ import annotations

import pytest

from dokja.adapters.records import MaterialsFolder, RecordFolder, ReleasedWeights
from dokja.adapters.replay_program import ReplayProgram
from dokja.adapters.sandbox import WalledCommand
from dokja.adapters.signing import Ed25519Verifier
from dokja.evidence.values import CheckResult
from dokja.training import Audit, Trusted
from dokja.training.checks.case import Case
from dokja.training.checks.v04_first_weights import first_weights
from dokja.training.checks.v05_cold_start import cold_start
from dokja.training.checks.v08_continuity import continuity
from dokja.training.drift import Drift
from dokja.training.jobs import Configuration
from dokja.training.reading import read_record
from dokja.training.replay_report import read_report
from tests.e2e.conftest import ROOT

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

EXAMPLES = ROOT / "examples"
SIGNED = EXAMPLES / "programme/stage-1/replays/cheotnunmaeul-text_decoder.json"
MODEL = EXAMPLES / "models/cheotnunmaeul"
KEYS = EXAMPLES / "programme/keys"


class OwnArithmetic(ReplayProgram):
    """The program on this machine's own arithmetic only, which halves the time."""

    @property
    def configurations(self) -> tuple[Configuration, ...]:
        """The first one; other files replay on both."""
        return super().configurations[:1]


def key(name: str) -> Ed25519Verifier:
    """A public key of the example."""
    return Ed25519Verifier.from_pem_text((KEYS / name).read_text(encoding="ascii"))


def test_a_segment_of_cheotnunmaeul_ends_where_the_auditor_signed_that_all_do() -> None:
    """The shortest of three; all of them: `dokja training replay`, as in the guide.

    Anybody can do it over; digits that hang on the processor may differ.
    """
    signed = read_report(SIGNED.read_bytes(), [key("auditor.pub.pem")])
    assert signed is not None
    record = RecordFolder(MODEL / "training/records/text_decoder")
    materials = MaterialsFolder(EXAMPLES / "materials/cheotnunmaeul/text_decoder")
    machine = OwnArithmetic(materials.program, materials.plan(), WalledCommand())
    audit = Audit(
        materials=materials,
        machine=machine,
        beacon=signed.beacon,
        release=ReleasedWeights(MODEL / "text_decoder"),
    )
    trusted = Trusted(team=key("cheotnunmaeul.pub.pem"))
    case = Case(read_record(record), record, trusted, audit)
    assert case.replaying is not None
    segments = case.replaying.segments
    shortest = min(segments, key=lambda segment: len(segment.steps))
    drift = case.replaying.drifts(machine, [shortest])[shortest.shown]
    assert isinstance(drift, Drift), drift
    assert drift.agrees
    assert drift.way > 0
    found = {check.id: check for check in signed.verdict.checks}
    assert f"{len(segments)} of {len(segments)} segments" in found["V11"].detail.en
    assert found["V10"].result is CheckResult.PASS
    for number, look in (("V4", first_weights), ("V5", cold_start), ("V8", continuity)):
        assert look(case)[0] is found[number].result is CheckResult.PASS
