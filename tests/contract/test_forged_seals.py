"""Seals that were forged, also by the team itself, and chains of keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dokja.adapters.signing import Ed25519Signer, P256Signer
from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from dokja.settings import read_settings
from dokja.submission.values import SealTrust
from dokja.wiring.sealing import (
    CheckRequest,
    KeyRequest,
    SealRequest,
    check_own,
    make_key_statements,
    seal_own,
    write_key_statements,
    write_seal,
)
from tests.key_files import write_keys, write_model_keys
from tests.sealed_fixture import (
    Change,
    SealedFolder,
    failed_checks,
    make_folder,
    replaced,
    truncated,
    written,
)

MANIFEST, MODEL = "dokja-manifest.json", "model.sig"
SETTINGS = read_settings({})


def _envelope(change: Callable[[dict[str, Any]], object]) -> Change:
    def apply(folder: SealedFolder) -> None:
        outer = json.loads((folder.root / MANIFEST).read_bytes())
        change(outer)
        (folder.root / MANIFEST).write_bytes(canonical_bytes(outer))

    return apply


def _manifest(change: Callable[[dict[str, Any]], object]) -> Change:
    return lambda folder: folder.resign(MANIFEST, change)


def _signed_by_another(folder: SealedFolder) -> None:
    other = Ed25519Signer.from_pem(folder.keys / "other.pem")
    folder.resign(MANIFEST, dict, signer=other)


def _whole_seal_of_another(folder: SealedFolder) -> None:
    for name in (MANIFEST, MODEL):
        (folder.root / name).unlink()
    request = SealRequest(folder=folder.root, key=folder.keys / "other.pem")
    write_seal(seal_own(request, settings=SETTINGS), request)


def _statement_without(key: str) -> Change:
    """The team's key statement lacks the signature of one of its keys."""

    def change(said: dict[str, Any]) -> None:
        (envelope,) = said["predicate"]["keys"]
        kept = [s for s in envelope["signatures"] if s["keyid"] != key_id[0]]
        assert len(kept) == 1
        envelope["signatures"] = kept

    key_id: list[str] = []

    def apply(folder: SealedFolder) -> None:
        signer = folder.key if key == "team" else folder.model_key
        key_id.append(signer.key_id)
        folder.resign(MANIFEST, change)

    return apply


def _keys_of_another_team(folder: SealedFolder) -> None:
    made = make_key_statements(
        KeyRequest(
            team="t2",
            key=folder.keys / "team.pem",
            model_key=folder.keys / "model.pem",
        )
    )

    def change(said: dict[str, Any]) -> None:
        said["predicate"]["keys"] = msgspec.to_builtins(made)

    folder.resign(MANIFEST, change)


def _model_signature_as_manifest(folder: SealedFolder) -> None:
    outer = json.loads((folder.root / MODEL).read_bytes())
    (folder.root / MANIFEST).write_bytes(canonical_bytes(outer["dsseEnvelope"]))


SEALS: dict[str, tuple[Change, str]] = {
    "an empty manifest": (written(MANIFEST), "seal-01"),
    "a truncated envelope": (truncated(MANIFEST, 700), "seal-01"),
    "another payload type": (
        _envelope(lambda e: e.update(payloadType="application/json")),
        "seal-01",
    ),
    "no signature": (_envelope(lambda e: e.update(signatures=[])), "seal-01"),
    "a payload nobody signed": (
        _envelope(lambda e: e.update(payload=e["payload"][:-8] + "fX19fX0=")),
        "seal-01",
    ),
    "a hundred signatures": (
        _envelope(lambda e: e.update(signatures=e["signatures"] * 100)),
        "seal-01",
    ),
    "spaces in the envelope": (replaced(MANIFEST, ":", ": "), "seal-01"),
    "a second payload": (
        replaced(MANIFEST, '{"payload"', '{"payload":"e30=","payload"'),
        "seal-01",
    ),
    "the signature of another key": (_signed_by_another, "seal-01"),
    "a whole seal by another key": (_whole_seal_of_another, "seal-01"),
    "the model signature instead": (_model_signature_as_manifest, "seal-01"),
    "another predicate": (
        _manifest(lambda s: s.update(predicateType="https://slsa.dev/provenance/v1")),
        "seal-01",
    ),
    "another schema": (
        _manifest(lambda s: s["predicate"].update(schema="dokja-submission/9")),
        "seal-01",
    ),
    "a root of other files": (
        _manifest(lambda s: s["predicate"].update(root="sha256:" + "0" * 64)),
        "seal-01",
    ),
    "files out of order": (_manifest(lambda s: s["subject"].reverse()), "seal-01"),
    "a file listed twice": (
        _manifest(lambda s: s["subject"].append(s["subject"][-1])),
        "seal-01",
    ),
    "a negative size": (
        _manifest(lambda s: s["subject"][0].update(annotations={"size": -1})),
        "seal-01",
    ),
    "no files at all": (_manifest(lambda s: s.update(subject=[])), "seal-01"),
    "no key statement": (
        _manifest(lambda s: s["predicate"].update(keys=[])),
        "seal-02",
    ),
    "a key that did not vouch": (_statement_without("model"), "seal-02"),
    "a team key that did not vouch": (_statement_without("team"), "seal-02"),
    "the keys of another team": (_keys_of_another_team, "seal-02"),
    "a tensor left out": (
        _manifest(lambda s: s["predicate"]["weights"][0]["tensors"].pop()),
        "seal-04",
    ),
    "another shape": (
        _manifest(
            lambda s: s["predicate"]["weights"][0]["tensors"][0].update(shape=[3, 4])
        ),
        "seal-04",
    ),
    "another weight state than declared": (
        _manifest(
            lambda s: s["predicate"]["declaration"]["components"][0].update(
                weight_state="inherited_frozen"
            )
        ),
        "seal-05",
    ),
    "a claim left out": (
        _manifest(lambda s: s["predicate"]["declaration"].pop("claims")),
        "seal-05",
    ),
    "another record": (
        _manifest(lambda s: s["predicate"]["records"][0].update(size=8)),
        "seal-07",
    ),
    "no record": (_manifest(lambda s: s["predicate"].update(records=[])), "seal-07"),
}


@pytest.mark.parametrize("mutation", SEALS)
def test_a_forged_manifest_fails_in_its_check(
    sealed: SealedFolder, mutation: str
) -> None:
    """Also where the team itself signed what is not so."""
    change, check = SEALS[mutation]
    change(sealed)
    assert sealed.check().trust is SealTrust.FAILED
    assert check in failed_checks(sealed)


def _model(change: Callable[[dict[str, Any]], object]) -> Change:
    return lambda folder: folder.resign(MODEL, change)


def _serialization(**values: object) -> Change:
    return _model(lambda s: s["predicate"]["serialization"].update(values))


def _model_of_another_key(folder: SealedFolder) -> None:
    write_model_keys(folder.keys, "stranger")
    signer = P256Signer.from_pem(folder.keys / "stranger.pem")
    folder.resign(MODEL, dict, signer=signer)


MODELS: dict[str, Change] = {
    "none": lambda folder: (folder.root / MODEL).unlink(),
    "an empty file": written(MODEL),
    "a truncated bundle": truncated(MODEL, 500),
    "another hint": replaced(MODEL, '"hint":"', '"hint":"0'),
    "another media type": replaced(MODEL, "sigstore.bundle", "sigstore.bundles"),
    "a second hint": replaced(MODEL, '"hint":', '"hint":"","hint":'),
    "a certificate": replaced(MODEL, '"publicKey"', '"certificate"'),
    "another key": _model_of_another_key,
    "a path left out": _serialization(ignore_paths=[".git", "text_decoder"]),
    "links followed": _serialization(allow_symlinks=True),
    "another hash": _serialization(hash_type="blake3"),
    "shards": _serialization(method="shards", shard_size=1000),
    "an unknown policy": _serialization(follow="all"),
    "a file left out": _model(lambda s: s["predicate"]["resources"].pop()),
    "no files": _model(lambda s: s["predicate"].update(resources=[])),
    "a file twice": _model(
        lambda s: s["predicate"]["resources"].append(s["predicate"]["resources"][0])
    ),
    "another root": _model(lambda s: s["subject"][0]["digest"].update(sha256="0")),
    "two models": _model(lambda s: s["subject"].append(s["subject"][0])),
    "another predicate": _model(
        lambda s: s.update(predicateType="https://model_signing/Digests/v0.1")
    ),
}


@pytest.mark.parametrize("mutation", MODELS)
def test_a_forged_model_signature_fails(sealed: SealedFolder, mutation: str) -> None:
    """Strictly: what the format leaves open is refused."""
    MODELS[mutation](sealed)
    assert failed_checks(sealed) == {"seal-06"}


def test_a_registered_key_leads_to_the_one_that_replaced_it(tmp_path: Path) -> None:
    """By statements that each key before signed, in their order only."""
    pairs = [write_keys(tmp_path, name) for name in ("first", "second", "third")]
    statements = tmp_path / "keys-0.json"
    first = KeyRequest(team="t1", key=pairs[0][0])
    write_key_statements(statements, make_key_statements(first))
    for number, (before, after) in enumerate([(0, 1), (1, 2)], start=1):
        request = KeyRequest(
            team="t1",
            key=pairs[after][0],
            before=statements,
            replaced=pairs[before][0],
        )
        statements = tmp_path / f"keys-{number}.json"
        write_key_statements(statements, make_key_statements(request))
    folder = make_folder(tmp_path / "folder")
    sealing = SealRequest(folder=folder, key=pairs[2][0], statements=statements)
    write_seal(seal_own(sealing, settings=SETTINGS), sealing)
    for _, public in pairs:
        found = check_own(CheckRequest(folder=folder, key=public), settings=SETTINGS)
        assert found.trust is SealTrust.VERIFIED
        assert found.key_id == Ed25519Signer.from_pem(pairs[2][0]).key_id


BROKEN_CHAINS: dict[str, tuple[str, str, bool, str]] = {
    "a key that was never the team's": ("t1", "new", True, "new"),
    "no statements before": ("t1", "new", False, "old"),
    "no key before": ("t1", "new", True, ""),
    "the same key again": ("t1", "old", True, "old"),
    "another team": ("t2", "new", True, "old"),
}
"""Team, its key, whether the statements before are given, and the key before."""


@pytest.mark.parametrize("mistake", BROKEN_CHAINS)
def test_a_chain_of_keys_cannot_be_begun_in_the_middle(
    tmp_path: Path, mistake: str
) -> None:
    """A stolen new key must not be able to write its own past."""
    pairs = {name: write_keys(tmp_path, name)[0] for name in ("old", "new")}
    statements = tmp_path / "keys.json"
    first = make_key_statements(KeyRequest(team="t1", key=pairs["old"]))
    write_key_statements(statements, first)
    team, key, follows, replaced = BROKEN_CHAINS[mistake]
    request = KeyRequest(
        team=team,
        key=pairs[key],
        before=statements if follows else None,
        replaced=pairs[replaced] if replaced else None,
    )
    with pytest.raises(InvalidInput):
        make_key_statements(request)
