"""The organiser attests to machines: of one run, by its own key."""

from __future__ import annotations

from pathlib import Path

import pytest

from dokja.adapters.records import RecordFolder
from dokja.adapters.signing import Ed25519Verifier
from dokja.errors import InvalidInput
from dokja.evidence.values import CheckResult, Text
from dokja.recorder import Recorder
from dokja.training import Audit, Trusted, verify, verify_record
from dokja.training.attesting import is_attested
from dokja.training.checks.case import Case, Outcome
from dokja.training.reading import read_record
from dokja.training.values import Tier
from dokja.wiring.training import attest_environment
from tests.recorded_run import TEAM, make, record_run, write_keys


def case_of(record: Path, key: Path, said: bytes | None) -> Case:
    """The record with an organiser's key and what it said."""
    source = RecordFolder(record)
    organiser = Ed25519Verifier.from_pem_text(key.read_text())
    audit = Audit(attestation=said)
    return Case(read_record(source), source, Trusted(organiser=organiser), audit)


def test_an_attestation_is_of_one_run_and_by_one_key(tmp_path: Path) -> None:
    """Another run of the same team, another key, none at all: not attested."""
    team, _ = write_keys(tmp_path, "team")
    office, public = write_keys(tmp_path, "office")
    other, _ = write_keys(tmp_path, "other")
    record_run(tmp_path / "one", team, steps=1)
    with Recorder(tmp_path / "two", team=TEAM, run="run-2", key=team) as record:
        record.begin(*make(), recipe="")
    one = tmp_path / "one"
    said = attest_environment(one, basis="leases", key=office)
    assert is_attested(case_of(one, public, said))
    assert not is_attested(case_of(tmp_path / "two", public, said))
    stranger = attest_environment(one, basis="leases", key=other)
    assert not is_attested(case_of(one, public, stranger))
    assert not is_attested(case_of(one, public, None))
    with pytest.raises(InvalidInput):
        attest_environment(one, basis=" ", key=office)


def test_it_lifts_a_replayed_record_to_e4_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where every check passes; where one does not it lifts nothing."""
    team, _ = write_keys(tmp_path, "team")
    office, public = write_keys(tmp_path, "office")
    record_run(tmp_path / "one", team, steps=1)
    said = attest_environment(tmp_path / "one", basis="leases", key=office)
    organiser = Ed25519Verifier.from_pem_text(public.read_text())

    def passed(_: Case) -> Outcome:
        return CheckResult.PASS, Text(ko="충족", en="passed")

    def tier(**given: object) -> Tier:
        audit = Audit(attestation=given.get("said"))  # type: ignore[arg-type]
        trusted = Trusted(organiser=organiser)
        return verify_record(RecordFolder(tmp_path / "one"), trusted, audit).tier

    monkeypatch.setattr(verify, "_RUN", dict.fromkeys(verify.IDS, passed))
    assert tier() is Tier.E3
    assert tier(said=said) is Tier.E4
    monkeypatch.setitem(verify._RUN, "V10", lambda _: (CheckResult.INCONCLUSIVE, ""))
    assert tier(said=said) is Tier.E2
