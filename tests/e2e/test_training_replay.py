"""The whole training that the repository carries runs again to the same weights."""

from __future__ import annotations

import json

import pytest

from dokja.adapters.signing import Ed25519Verifier
from dokja.training.replay_report import read_report
from tests.e2e.conftest import ROOT, dokja

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

EXAMPLES = ROOT / "examples"
SIGNED = EXAMPLES / "programme/stage-1/replays/cheotnunmaeul-text_decoder.json"


def test_the_three_segments_of_cheotnunmaeul_say_what_the_auditor_signed() -> None:
    """Anybody can do it over; digits that hang on the processor may differ."""
    keys = EXAMPLES / "programme/keys"
    auditor = Ed25519Verifier.from_pem_text(
        (keys / "auditor.pub.pem").read_text(encoding="ascii")
    )
    signed = read_report(SIGNED.read_bytes(), [auditor])
    assert signed is not None
    model = EXAMPLES / "models/cheotnunmaeul"
    ran = dokja(
        *("training", "replay", model / "training/records/text_decoder"),
        *("--materials", EXAMPLES / "materials/cheotnunmaeul/text_decoder"),
        *("--model", model / "text_decoder"),
        *("--leases", EXAMPLES / "programme/leases.toml"),
        *("--key", keys / "cheotnunmaeul.pub.pem"),
        *("--witness", keys / "witness.pub.pem"),
        *("--beacon", signed.beacon, "--json"),
        OMP_NUM_THREADS="1",
    )
    assert ran.code == 0, ran.out + ran.err
    found = json.loads(ran.out)
    results = {check["id"]: check["result"] for check in found["checks"]}
    assert results["V10"] == "pass"
    assert results == {check.id: check.result.value for check in signed.verdict.checks}
    assert found["tier"] == signed.verdict.tier.value
