"""A sealed folder, and everything that can be done to it afterwards."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dokja.errors import Conflict, DokjaError, InvalidInput, Unavailable
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.statement import Envelope, payload_of
from dokja.evidence.values import CheckResult
from dokja.settings import read_settings
from dokja.submission.seal import files_root
from dokja.submission.team_seal.manifest_statement import read_manifest, sealed_files
from dokja.submission.values import SealTrust
from dokja.wiring.sealing import (
    CheckRequest,
    SealRequest,
    check_own,
    seal_own,
    write_seal,
)
from tests.key_files import write_keys
from tests.sealed_fixture import (
    WEIGHTS,
    Change,
    SealedFolder,
    failed_checks,
    flipped,
    make_folder,
    renamed,
    replaced,
    truncated,
    written,
)

MANIFEST, MODEL = "dokja-manifest.json", "model.sig"
SETTINGS = read_settings({})


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


def _swap(folder: SealedFolder) -> None:
    one, other = (folder.root / n for n in ("training/data.json", "record/log.jsonl"))
    (first, second) = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


FILES: dict[str, tuple[Change, set[str]]] = {
    "a flipped bit of a weight": (flipped(WEIGHTS, -1), {WEIGHTS}),
    "a flipped bit of a header": (flipped(WEIGHTS, 12), {WEIGHTS}),
    "a truncated file": (truncated(WEIGHTS, 60), {WEIGHTS}),
    "an appended byte": (written("training/loss.csv", b"\n"), {"training/loss.csv"}),
    "a renamed file": (
        renamed("text_decoder/config.json", "text_decoder/adapter_config.json"),
        {"text_decoder/config.json", "text_decoder/adapter_config.json"},
    ),
    "another case": (
        renamed("training/data.json", "training/Data.json"),
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
    "an extra file": (written("notes.txt", "hello"), {"notes.txt"}),
    "an extra empty file": (written("training/empty"), {"training/empty"}),
    "other weights beside": (
        lambda f: shutil.copy(f.root / WEIGHTS, f.root / "adapter.safetensors"),
        {"adapter.safetensors"},
    ),
    "code planted in .git": (written(".git/hooks/x", "#!"), {".git/hooks/x"}),
    "a planted .gitattributes": (written(".gitattributes"), {".gitattributes"}),
    "a planted workflow": (written(".github/w.yml"), {".github/w.yml"}),
    "a name in Hangul": (written("가중치.txt"), {"가중치.txt"}),
    "another declaration": (
        replaced("submission.toml", "initialised", "inherited_trained"),
        {"submission.toml"},
    ),
    "a declaration that is none": (written("submission.toml"), {"submission.toml"}),
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
    assert {"seal-03", "seal-06"} <= failed_checks(sealed)


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
    "a folder in two cases": _put("Training/x"),
    "two compositions": lambda folder: (
        (folder / "\uac00").write_text(""),
        (folder / "\u1100\u1161").write_text(""),
    ),
    "a git folder": _put(".git/HEAD"),
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


def test_a_private_key_is_not_handed_in(tmp_path: Path) -> None:
    """It would be sealed, sent and published with everything else."""
    folder = make_folder(tmp_path / "folder")
    key, _ = write_keys(folder / "training", "team")
    with pytest.raises(InvalidInput, match="private key"):
        seal_own(SealRequest(folder=folder, key=key), settings=SETTINGS)


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
    sealed_once: Path, tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    """Sealed names come back letter for letter; nothing else can happen."""
    folder = make_folder(tmp_path_factory.mktemp("names") / "folder")
    for name in names:
        try:
            (folder / "training" / name).write_text(name)
        except (OSError, UnicodeEncodeError):
            return
    request = SealRequest(folder=folder, key=sealed_once / "keys/team.pem")
    try:
        made = seal_own(request, settings=SETTINGS)
    except InvalidInput:
        return
    listed = {subject.name for subject in made.statement.subject}
    assert {f"training/{name}" for name in names} <= listed
    write_seal(made, request)
    check = CheckRequest(folder=folder, key=sealed_once / "keys/team.pub.pem")
    assert check_own(check, settings=SETTINGS).trust is SealTrust.VERIFIED


@pytest.fixture(scope="module")
def bare(sealed_once: Path, tmp_path_factory: pytest.TempPathFactory) -> SealedFolder:
    """The folder without its seal, which lies beside the keys."""
    place = Path(shutil.copytree(sealed_once, tmp_path_factory.mktemp("bare") / "copy"))
    (place / "sealed" / MANIFEST).rename(place / "keys" / MANIFEST)
    (place / "sealed" / MODEL).unlink()
    return SealedFolder(place / "sealed", place / "keys")


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_no_bit_of_a_seal_can_be_changed(
    bare: SealedFolder, data: st.DataObject
) -> None:
    """Whatever the byte, verifying says no or still finds the same statement."""
    raw = (bare.keys / MANIFEST).read_bytes()
    place = data.draw(st.integers(0, len(raw) - 1))
    changed = bytearray(raw)
    changed[place] ^= 1 << data.draw(st.integers(0, 7))
    kept = bare.keys / "changed.json"
    kept.write_bytes(changed)
    check = CheckRequest(folder=bare.root, sealed=kept, key=bare.keys / "team.pub.pem")
    found = check_own(check, settings=SETTINGS)
    if found.checks[0].result is not CheckResult.FAIL:
        envelope = msgspec.json.decode(bytes(changed), type=Envelope)
        assert payload_of(envelope) == payload_of(read_manifest(raw)[0])
