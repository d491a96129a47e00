"""What an auditor signs, and who may believe it."""

from __future__ import annotations

import pytest

from dokja.adapters.signing import Ed25519Signer
from dokja.errors import InvalidInput
from dokja.evidence.values import CheckResult
from dokja.training.replay_report import ReplayReport, read_report, signed_report
from dokja.training.tier_words import CANNOT_PROVE, MEANING
from dokja.training.values import RecordVerdict, Tier

AUDITOR, OTHER = Ed25519Signer.from_seed(b"a" * 32), Ed25519Signer.from_seed(b"o" * 32)


def report() -> ReplayReport:
    """A report on a record of tier E3."""
    return ReplayReport(
        root="sha256:" + "0" * 64,
        events=3,
        weights=None,
        beacon="ab" * 16,
        verdict=RecordVerdict(
            run="alpha/run-1",
            events=3,
            tier=Tier.E3,
            outcome=CheckResult.PASS,
            meaning=MEANING[Tier.E3],
            checks=(),
            cannot_prove=CANNOT_PROVE,
        ),
    )


def test_a_report_is_read_by_the_auditor_s_key_alone() -> None:
    """Another key reads nothing in it."""
    data = signed_report(report(), AUDITOR)
    assert read_report(data, [OTHER.verifier, AUDITOR.verifier]) == report()
    assert read_report(data, [OTHER.verifier]) is None
    assert read_report(data, []) is None


@pytest.mark.parametrize("data", [b"", b"{}", b"[" * 9000, b" " * (1 << 21)])
def test_what_is_no_report_is_refused(data: bytes) -> None:
    """However it is broken."""
    with pytest.raises(InvalidInput, match="no report on a replay"):
        read_report(data, [AUDITOR.verifier])
