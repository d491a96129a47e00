"""A bundle verifies as published and in no other form."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokja.adapters.signing import Ed25519Signer
from dokja.bundle import (
    KeyOrigin,
    Trust,
    TrustedKey,
    Verification,
    make_bundle,
    verify_bundle,
)
from dokja.bundle.compare import differences
from dokja.bundle.measure import measure_again
from dokja.bundle.values import CONTENTS, ENVELOPE
from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.values import CheckResult
from dokja.programme.values import Tolerance
from dokja.stage.values import StageEvidence
from tests.index_fixture import indexed_stage
from tests.programme_simulator import SimulatedStage

SIGNER = Ed25519Signer.from_seed(b"k" * 32)
KEY = TrustedKey(verifier=SIGNER.verifier, origin=KeyOrigin.GIVEN)
OTHER = TrustedKey(
    verifier=Ed25519Signer.from_seed(b"o" * 32).verifier, origin=KeyOrigin.GIVEN
)
NONE = TrustedKey(verifier=None, origin=KeyOrigin.NONE)


def bundle_of(
    stage: SimulatedStage, signer: Ed25519Signer = SIGNER
) -> dict[str, bytes]:
    """The bundle of a simulated stage."""
    record = stage.run()
    return make_bundle(
        stage.acts(),
        rulebook=stage.rulebook,
        report="<p>report</p>",
        rules_digest=record.rules_digest,
        made_by="dokja test",
        signer=signer,
    )


BUNDLE = bundle_of(SimulatedStage())


def verify(files: dict[str, bytes], key: TrustedKey = KEY) -> Verification:
    """The verification without measuring again."""
    return verify_bundle(files, key=key, measure=None)


def failed(found: Verification) -> str:
    """Ids and details of the checks that failed."""
    return " ".join(
        f"{check.id} {check.detail.en}"
        for check in found.checks
        if check.result is CheckResult.FAIL
    )


def test_a_bundle_as_published_is_verified() -> None:
    """Every check passes with the office's key."""
    found = verify(BUNDLE)
    assert found.trust is Trust.VERIFIED
    assert {check.result for check in found.checks} == {CheckResult.PASS}


def test_two_runs_give_the_same_bytes() -> None:
    """Equal input, equal bundle, signature included."""
    assert bundle_of(SimulatedStage()) == BUNDLE


def test_without_a_trusted_key_a_bundle_is_untrusted() -> None:
    """A key found inside would prove nothing."""
    assert verify(BUNDLE, NONE).trust is Trust.UNTRUSTED


def test_another_key_fails() -> None:
    """A forger can re-sign everything, but not with the office's key."""
    forged = bundle_of(SimulatedStage(), Ed25519Signer.from_seed(b"o" * 32))
    assert verify(forged, OTHER).trust is Trust.VERIFIED
    assert ENVELOPE in failed(verify(forged))


def test_half_a_letter_in_an_act_fails_and_is_no_crash() -> None:
    """A byte that leaves half a surrogate pair is JSON to some readers."""
    path = next(path for path in BUNDLE if "decision_issued" in path)
    spoilt = BUNDLE[path].replace(b"Independence", b"\\ud800ndependence", 1)
    found = verify({**BUNDLE, path: spoilt})
    assert path in str([check.detail.en for check in found.checks])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_one_changed_byte_anywhere_fails_and_names_the_file(
    data: st.DataObject,
) -> None:
    """Any file, any place, any other byte."""
    path = data.draw(st.sampled_from(sorted(BUNDLE)))
    place = data.draw(st.integers(0, len(BUNDLE[path]) - 1))
    flip = data.draw(st.integers(1, 255))
    content = bytearray(BUNDLE[path])
    content[place] ^= flip
    found = verify({**BUNDLE, path: bytes(content)})
    assert found.trust is Trust.FAILED
    assert path in failed(found)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda files: files.pop("report.html"), "report.html"),
        (lambda files: files.update({"extra.txt": b"x"}), "extra.txt"),
        (lambda files: files.update({"acts/0099-x-y.json": b"{}"}), "acts/0099-x-y"),
    ],
)
def test_missing_and_extra_files_are_named(
    change: Callable[[dict[str, bytes]], object], named: str
) -> None:
    """The signature binds the list of files, not only their content."""
    files = dict(BUNDLE)
    change(files)
    assert named in failed(verify(files))


def test_a_folder_without_contents_is_no_bundle() -> None:
    """That is a wrong argument, not a failed verification."""
    with pytest.raises(InvalidInput, match=CONTENTS):
        verify({"report.html": b""})


def test_indices_are_derived_again() -> None:
    """A bundle with indices verifies; one index that does not follow fails it."""
    assert verify(bundle_of(indexed_stage())).trust is Trust.VERIFIED
    found = _resigned(
        "indices_computed",
        lambda body: body["frontier"]["teams"][0]["index"].update(value=99.0),
        indexed_stage(),
    )
    assert found.trust is Trust.FAILED
    assert "indices_computed/stage-1: body.frontier.teams[0].index" in failed(found)


def _resigned(
    kind: str,
    change: Callable[[dict[str, Any]], None],
    stage: SimulatedStage | None = None,
) -> Verification:
    """A bundle whose insider changed an act and signed all of it again."""
    stage = stage or SimulatedStage()
    record = stage.run()
    acts = []
    for act in stage.acts():
        body = json.loads(canonical_bytes(act.body))
        if act.kind == kind:
            change(body)
        acts.append(msgspec.structs.replace(act, body=body))
    files = make_bundle(
        acts,
        rulebook=stage.rulebook,
        report="",
        rules_digest=record.rules_digest,
        made_by="dokja test",
        signer=SIGNER,
    )
    return verify(files)


def _first(body: dict[str, object], key: str) -> dict[str, object]:
    entries = body[key]
    assert isinstance(entries, list)
    entry: dict[str, object] = entries[0]
    return entry


INSIDER = {
    "a total": (
        "standing_computed",
        lambda body: _first(body, "teams").update(total="99.99"),
        "standing_computed",
    ),
    "how far the order was tried": (
        "sensitivity_computed",
        lambda body: _first(body, "smallest").update(at_least=1),
        "sensitivity_computed",
    ),
    "a status": (
        "decision_issued",
        lambda body: _first(body, "teams").update(status="eliminated_by_gate"),
        "decision_issued",
    ),
    "a finding": (
        "independence_found",
        lambda body: body.update(result="fail"),
        "independence_found",
    ),
    "an answer": (
        "benchmark_run",
        lambda body: _first(body, "samples").update(score=1, chosen=1),
        "benchmark_run",
    ),
    "a sheet": (
        "panel_closed",
        lambda body: _first(body, "sheets").update(scores={"plan": 0}),
        "standing_computed",
    ),
    "the rules": (
        "rules_frozen",
        lambda body: body.update(rules_digest="sha256:0"),
        "rules_frozen",
    ),
    "whose weights were run": (
        "benchmark_run",
        lambda body: body.update(weights_root="sha256:0"),
        "not of the sealed weights",
    ),
}


@pytest.mark.parametrize("case", INSIDER)
def test_who_holds_the_key_still_cannot_publish_what_does_not_follow(case: str) -> None:
    """The signature shows who says it; only derivation shows that it is so."""
    kind, change, named = INSIDER[case]
    found = _resigned(kind, change)
    assert found.trust is Trust.FAILED
    assert named in failed(found)


def _again(stage: SimulatedStage) -> Callable[[StageEvidence], tuple[object, ...]]:
    return lambda evidence: measure_again(
        evidence, folders=stage, instruments=stage.instruments()
    )


def _measured(stage: SimulatedStage) -> str:
    found = verify_bundle(BUNDLE, key=KEY, measure=_again(stage))  # type: ignore[arg-type]
    return failed(found)


def test_the_same_models_measure_the_same() -> None:
    """Files, lineage and answers, once more."""
    stage = SimulatedStage()
    assert _measured(stage) == ""
    assert "t1/r1" in stage.measured
    assert "t1" in stage.measured


def test_changed_weights_are_named_and_not_measured() -> None:
    """A measurement of another model would say nothing of this bundle."""
    stage = SimulatedStage()
    stage.folders["t1"].weights = stage.folders["t1"].weights * 2
    assert "t1/text_decoder/model.safetensors" in _measured(stage)
    assert stage.measured == []


def test_other_answers_are_found() -> None:
    """A recorded score that the weights do not give."""
    stage = SimulatedStage()
    stage.skill["t5"] = 0.9
    assert "B9-benchmark t5" in _measured(stage)


def test_other_answers_of_another_harness_settle_nothing() -> None:
    """A new version may answer otherwise without anybody having done wrong."""
    stage = SimulatedStage()
    stage.skill["t5"], stage.engine = 0.9, "another version"
    found = verify_bundle(BUNDLE, key=KEY, measure=_again(stage))  # type: ignore[arg-type]
    assert found.trust is Trust.INCONCLUSIVE
    assert failed(found) == ""


TOLERANCE = Tolerance(
    statistic_relative=Decimal("0.001"), probability_absolute=Decimal("0.01")
)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ({"a": 1.0}, {"a": 1.0005}, True),
        ({"a": 1.0}, {"a": 1.5}, False),
        ({"a": "71.20"}, {"a": "71.21"}, False),
        ({"a": 3}, {"a": 4}, False),
        ({"a": True}, {"a": 1}, False),
        ({"a": 0.5}, {"a": None}, False),
        ({"a": [1, 2]}, {"a": [1]}, False),
        ({"a": 1}, {}, False),
    ],
)
def test_only_floating_figures_have_a_tolerance(
    left: object, right: object, *, same: bool
) -> None:
    """Totals, ranks, counts and verdicts are equal everywhere or wrong."""
    assert (not list(differences(left, right, tolerance=TOLERANCE))) is same
