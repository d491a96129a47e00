"""A sealed folder, and everything that can be done to it afterwards."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dokja.adapters.signing import Ed25519Signer, P256Signer
from dokja.errors import Conflict, DokjaError, InvalidInput, Unavailable
from dokja.evidence.canonical import canonical_bytes, digest_bytes
from dokja.evidence.statement import Envelope, payload_of
from dokja.evidence.values import CheckResult
from dokja.settings import read_settings
from dokja.submission.seal import files_root
from dokja.submission.team_seal.manifest_statement import read_manifest, sealed_files
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
from tests.sealed_fixture import SealedFolder, make_folder, sealed_folder

MANIFEST, MODEL = "dokja-manifest.json", "model.sig"
WEIGHTS = "text_decoder/model.safetensors"
SETTINGS = read_settings({})
Change = Callable[[SealedFolder], object]


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where one sealed folder and its keys lie; tests copy it."""
    place = tmp_path_factory.mktemp("seal")
    sealed_folder(place)
    return place


@pytest.fixture
def sealed(once: Path, tmp_path: Path) -> SealedFolder:
    """A sealed folder that the test may damage."""
    place = Path(shutil.copytree(once, tmp_path / "copy"))
    return SealedFolder(place / "sealed", place / "keys")


def test_what_was_sealed_verifies(sealed: SealedFolder) -> None:
    """Every file, tensor and key, and nothing left open."""
    found = sealed.check()
    assert found.trust is SealTrust.VERIFIED, found.checks
    assert {check.result for check in found.checks} == {CheckResult.PASS}
    assert (found.team, found.stage) == ("t1", "stage-1")
    _, statement = read_manifest((sealed.root / MANIFEST).read_bytes())
    assert found.root == files_root(sealed_files(statement))
    (weights,) = statement.predicate.weights
    assert [tensor.name for tensor in weights.tensors] == ["embed", "empty", "head"]
    # The digest of a tensor is that of its bytes alone, as training records have it.
    assert weights.tensors[1].digest == digest_bytes(b"")
    (record,) = statement.predicate.records
    assert (record.origin, record.size) == ("t1/run", 7)
    licences = {one.declared: one.canonical for one in statement.predicate.licences}
    assert licences == {"Apache-2.0": "Apache-2.0", "apache 2.0": "Apache-2.0"}


def test_a_seal_of_a_key_nobody_registered_is_untrusted(sealed: SealedFolder) -> None:
    """It agrees with itself, which anybody's would."""
    assert sealed.check(key=None).trust is SealTrust.UNTRUSTED


def test_sealing_twice_gives_the_same_bytes(
    sealed: SealedFolder, tmp_path: Path
) -> None:
    """No clock and no dice: both signatures are deterministic."""
    request = SealRequest(
        folder=make_folder(tmp_path / "sealed"),
        key=sealed.keys / "team.pem",
        model_key=sealed.keys / "model.pem",
    )
    for name, data in seal_own(request, settings=SETTINGS).files.items():
        assert (sealed.root / name).read_bytes() == data


def test_a_sealed_folder_is_not_sealed_again(sealed: SealedFolder) -> None:
    """A seal that could be replaced would bind nothing."""
    request = SealRequest(folder=sealed.root, key=sealed.keys / "other.pem")
    with pytest.raises(Conflict, match="sealed already"):
        seal_own(request, settings=SETTINGS)


def test_a_seal_may_lie_elsewhere(sealed: SealedFolder, tmp_path: Path) -> None:
    """As the office keeps it; the folder is then as the team works on it."""
    folder, out = make_folder(tmp_path / "work"), tmp_path / "kept"
    request = SealRequest(
        folder=folder,
        key=sealed.keys / "team.pem",
        model_key=sealed.keys / "model.pem",
        out=out,
    )
    write_seal(seal_own(request, settings=SETTINGS), request)
    check = CheckRequest(
        folder=folder, sealed=out / MANIFEST, key=sealed.keys / "team.pub.pem"
    )
    assert check_own(check, settings=SETTINGS).trust is SealTrust.VERIFIED
    with pytest.raises(Conflict, match="there already"):
        write_seal(seal_own(request, settings=SETTINGS), request)
    shutil.copy(sealed.root / MANIFEST, folder / MANIFEST)
    (extra,) = check_own(check, settings=SETTINGS).changed
    assert (extra.path, extra.change) == (MANIFEST, "extra")


def _flip(name: str, place: int) -> Change:
    def change(folder: SealedFolder) -> None:
        data = bytearray((folder.root / name).read_bytes())
        data[place] ^= 1
        (folder.root / name).write_bytes(data)

    return change


def _write(name: str, data: bytes | str = b"") -> Change:
    def change(folder: SealedFolder) -> None:
        place = folder.root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data if isinstance(data, bytes) else data.encode())

    return change


def _replace(name: str, old: str, new: str) -> Change:
    def change(folder: SealedFolder) -> None:
        text = (folder.root / name).read_text(encoding="utf-8")
        assert old in text
        (folder.root / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def _rename(name: str, other: str) -> Change:
    return lambda folder: (folder.root / name).rename(folder.root / other)


def _truncate(name: str, size: int) -> Change:
    return lambda folder: os.truncate(folder.root / name, size)


def _swap(folder: SealedFolder) -> None:
    one, other = (folder.root / n for n in ("training/data.json", "record/log.jsonl"))
    (first, second) = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


FILES: dict[str, tuple[Change, set[str]]] = {
    "a flipped bit of a weight": (_flip(WEIGHTS, -1), {WEIGHTS}),
    "a flipped bit of a header": (_flip(WEIGHTS, 12), {WEIGHTS}),
    "a truncated file": (_truncate(WEIGHTS, 60), {WEIGHTS}),
    "an appended byte": (_write("training/loss.csv", b"\n"), {"training/loss.csv"}),
    "a renamed file": (
        _rename("text_decoder/config.json", "text_decoder/adapter_config.json"),
        {"text_decoder/config.json", "text_decoder/adapter_config.json"},
    ),
    "another case": (
        _rename("training/data.json", "training/Data.json"),
        {"training/data.json", "training/Data.json"},
    ),
    "a missing file": (
        lambda folder: (folder.root / "training/loss.csv").unlink(),
        {"training/loss.csv"},
    ),
    "a missing component": (
        lambda folder: shutil.rmtree(folder.root / "text_decoder"),
        {WEIGHTS, "text_decoder/config.json"},
    ),
    "two files swapped": (_swap, {"training/data.json", "record/log.jsonl"}),
    "an extra file": (_write("notes.txt", "hello"), {"notes.txt"}),
    "an extra empty file": (_write("training/empty"), {"training/empty"}),
    "other weights beside": (
        lambda f: shutil.copy(f.root / WEIGHTS, f.root / "adapter.safetensors"),
        {"adapter.safetensors"},
    ),
    "code planted in .git": (_write(".git/hooks/x", "#!"), {".git/hooks/x"}),
    "a planted .gitattributes": (_write(".gitattributes"), {".gitattributes"}),
    "a planted workflow": (_write(".github/w.yml"), {".github/w.yml"}),
    "a name in Hangul": (_write("가중치.txt"), {"가중치.txt"}),
    "another declaration": (
        _replace("submission.toml", "initialised", "inherited_trained"),
        {"submission.toml"},
    ),
    "a declaration that is none": (_write("submission.toml"), {"submission.toml"}),
    "an older head on top": (
        lambda f: (f.root / "record/heads/000000000007.note").unlink(),
        {"record/heads/000000000007.note"},
    ),
}


@pytest.mark.parametrize("mutation", FILES)
def test_every_changed_file_is_named(sealed: SealedFolder, mutation: str) -> None:
    """By the signed manifest and by the model signature alike."""
    change, paths = FILES[mutation]
    change(sealed)
    found = sealed.check()
    assert found.trust is SealTrust.FAILED
    assert {one.path for one in found.changed} == paths
    assert {"seal-03", "seal-06"} <= _failed(sealed)


def _failed(folder: SealedFolder) -> set[str]:
    checks = folder.check().checks
    return {check.id for check in checks if check.result is CheckResult.FAIL}


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
    "an empty manifest": (_write(MANIFEST), "seal-01"),
    "a truncated envelope": (_truncate(MANIFEST, 700), "seal-01"),
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
    "spaces in the envelope": (_replace(MANIFEST, ":", ": "), "seal-01"),
    "a second payload": (
        _replace(MANIFEST, '{"payload"', '{"payload":"e30=","payload"'),
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
    assert check in _failed(sealed)


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
    "an empty file": _write(MODEL),
    "a truncated bundle": _truncate(MODEL, 500),
    "another hint": _replace(MODEL, '"hint":"', '"hint":"0'),
    "another media type": _replace(MODEL, "sigstore.bundle", "sigstore.bundles"),
    "a second hint": _replace(MODEL, '"hint":', '"hint":"","hint":'),
    "a certificate": _replace(MODEL, '"publicKey"', '"certificate"'),
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
    assert _failed(sealed) == {"seal-06"}


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


def _link(folder: Path) -> None:
    (folder / "link").symlink_to("/etc/passwd")


def _odd_bytes(folder: Path) -> None:
    Path(os.fsdecode(bytes(folder) + b"/\xff\xfe")).write_text("")


def _put(name: str) -> Callable[[Path], object]:
    def put(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("")

    return put


HOSTILE: dict[str, Callable[[Path], object]] = {
    "a link": _link,
    "a pipe": lambda folder: os.mkfifo(folder / "pipe"),
    "a pickle by name": lambda folder: (folder / "a.pt").write_text(""),
    "a pickle by content": lambda folder: (folder / "a").write_bytes(b"\x80\4N."),
    "bytes that are no UTF-8": _odd_bytes,
    "a line break": lambda folder: (folder / "a\nb").write_text(""),
    "a turned name": lambda folder: (folder / "a\u202egnp.exe").write_text(""),
    "a backslash": lambda folder: (folder / "a\\b").write_text(""),
    "a drive": lambda folder: (folder / "C:x").write_text(""),
    "a space at the end": lambda folder: (folder / "a ").write_text(""),
    "a dot at the end": lambda folder: (folder / "a.").write_text(""),
    "two cases": lambda folder: (folder / "SUBMISSION.toml").write_text(""),
    "a folder in two cases": lambda folder: (
        (folder / "Training").mkdir() or (folder / "Training/x").write_text("")
    ),
    "two compositions": lambda folder: (
        (folder / "\uac00").write_text(""),
        (folder / "\u1100\u1161").write_text(""),
    ),
    "a git folder": lambda folder: (
        (folder / ".git").mkdir() or (folder / ".git/HEAD").write_text("")
    ),
    "undeclared weights": lambda folder: shutil.copy(
        folder / WEIGHTS, folder / "hidden.safetensors"
    ),
    "broken weights": lambda folder: os.truncate(folder / WEIGHTS, 60),
    "a record without a head": lambda folder: shutil.rmtree(folder / "record/heads"),
    "a head that is none": lambda folder: (
        folder / "record/heads/000000000009.note"
    ).write_text("9"),
    "deep folders": lambda folder: (folder / "/".join("abcdefghijklmnopqr")).mkdir(
        parents=True
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_cannot_be_sealed_is_refused(tmp_path: Path, kind: str) -> None:
    """With a fact and a remedy, before anything is signed."""
    key, _ = write_keys(tmp_path, "team")
    folder = make_folder(tmp_path / "folder")
    HOSTILE[kind](folder)
    with pytest.raises(DokjaError) as caught:
        seal_own(SealRequest(folder=folder, key=key), settings=SETTINGS)
    assert caught.value.remedy


def test_links_and_pipes_in_a_sealed_folder_are_never_opened(
    sealed: SealedFolder,
) -> None:
    """The check cannot be made, which is said with the file's name."""
    _link(sealed.root)
    with pytest.raises(InvalidInput, match="link"):
        sealed.check()


def test_a_seal_that_was_asked_for_has_to_be_there(sealed: SealedFolder) -> None:
    """Taking the seal off must not turn a verification into an inspection."""
    (sealed.root / MANIFEST).unlink()
    with pytest.raises(Unavailable, match="no seal"):
        sealed.check()


PARTS = st.text(min_size=1, max_size=6).filter(
    lambda part: part not in (".", "..") and "/" not in part and "\0" not in part
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(names=st.lists(PARTS, min_size=1, max_size=4, unique=True))
def test_any_name_is_sealed_or_refused(
    once: Path, tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    """Sealed names come back letter for letter; nothing else can happen."""
    folder = make_folder(tmp_path_factory.mktemp("names") / "folder")
    for name in names:
        try:
            (folder / "training" / name).write_text(name)
        except (OSError, UnicodeEncodeError):
            return
    request = SealRequest(folder=folder, key=once / "keys/team.pem")
    try:
        made = seal_own(request, settings=SETTINGS)
    except InvalidInput:
        return
    listed = {subject.name for subject in made.statement.subject}
    assert {f"training/{name}" for name in names} <= listed
    write_seal(made, request)
    check = CheckRequest(folder=folder, key=once / "keys/team.pub.pem")
    assert check_own(check, settings=SETTINGS).trust is SealTrust.VERIFIED


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_no_bit_of_a_seal_can_be_changed(once: Path, data: st.DataObject) -> None:
    """Whatever the byte, verifying says no or still finds the same statement."""
    raw = (once / "sealed" / MANIFEST).read_bytes()
    place = data.draw(st.integers(0, len(raw) - 1))
    changed = bytearray(raw)
    changed[place] ^= 1 << data.draw(st.integers(0, 7))
    original, statement = read_manifest(raw)
    kept = once / "changed.json"
    kept.write_bytes(changed)
    check = CheckRequest(
        folder=once / "bare", sealed=kept, key=once / "keys/team.pub.pem"
    )
    if not check.folder.exists():
        shutil.copytree(once / "sealed", check.folder)
        (check.folder / MANIFEST).unlink()
        (check.folder / MODEL).unlink()
    found = check_own(check, settings=SETTINGS)
    if found.checks[0].result is not CheckResult.FAIL:
        envelope = msgspec.json.decode(bytes(changed), type=Envelope)
        assert payload_of(envelope) == payload_of(original)
    assert statement.subject
