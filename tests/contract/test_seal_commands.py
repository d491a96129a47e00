"""`dokja submission keys`, `seal` and `verify`, as they answer in one process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from dokja.cli.submission import submission
from dokja.evidence.canonical import canonical_bytes
from tests.key_files import write_keys, write_model_keys
from tests.sealed_fixture import SealedFolder, make_folder


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(submission, [str(one) for one in arguments])


def test_trying_writes_nothing(tmp_path: Path) -> None:
    """And says what sealing would say."""
    folder, (key, _) = make_folder(tmp_path / "t"), write_keys(tmp_path, "team")
    tried = _run("seal", folder, "--key", key, "--dry-run")
    assert (tried.exit_code, "not written" in tried.output) == (0, True)
    korean = _run("seal", folder, "--key", key, "--dry-run", "--lang", "ko")
    assert "텐서 3개" in korean.output
    stated = tmp_path / "keys.json"
    keys = ("keys", "--team", "t1", "--key", key, "--out", stated)
    tried = _run(*keys, "--dry-run", "--json")
    assert tried.output.encode() == canonical_bytes(json.loads(tried.output)) + b"\n"
    assert not stated.exists()
    assert not (folder / "dokja-manifest.json").exists()


def test_words_and_codes_say_what_a_seal_is_worth(sealed: SealedFolder) -> None:
    """4 without a key, in Korean too; 3 under another key; names in full."""
    unknown = _run("verify", sealed.root, "--lang", "ko")
    assert (unknown.exit_code, "신뢰 불가" in unknown.output) == (4, True)
    other = _run("verify", sealed.root, "--key", sealed.keys / "other.pub.pem")
    assert other.exit_code == 3
    (sealed.root / "가중치.txt").write_text("")
    changed = _run("verify", sealed.root, "--key", sealed.keys / "team.pub.pem")
    assert (changed.exit_code, "extra    가중치.txt" in changed.output) == (3, True)


def test_a_folder_without_a_seal_is_inspected(tmp_path: Path) -> None:
    """As before there were seals: its components and its root."""
    inspected = _run("verify", make_folder(tmp_path / "t"))
    assert inspected.exit_code == 0
    assert "files can be sealed\nsha256:" in inspected.output


def test_stated_keys_ask_for_both_signatures(tmp_path: Path) -> None:
    """Whoever names a key for model.sig and hands none in has lost something."""
    folder, (key, public) = make_folder(tmp_path / "t"), write_keys(tmp_path, "team")
    oms, _ = write_model_keys(tmp_path, "model")
    stated = tmp_path / "keys.json"
    keys = ("keys", "--team", "t1", "--key", key, "--oms-key", oms, "--out", stated)
    made = _run(*keys)
    assert (made.exit_code, made.output.count("sha256:")) == (0, 2)
    sealed = _run("seal", folder, "--key", key, "--keys", stated)
    assert sealed.exit_code == 0
    checked = _run("verify", folder, "--key", public, "--json")
    checks = json.loads(checked.output)["checks"]
    failed = [check["id"] for check in checks if check["result"] == "fail"]
    assert (checked.exit_code, failed) == (3, ["seal-06"])


def test_a_model_signature_of_another_tool_needs_its_key(sealed: SealedFolder) -> None:
    """A team may keep that key elsewhere and state only its own."""
    signature = (sealed.root / "model.sig").read_bytes()
    for name in ("dokja-manifest.json", "model.sig"):
        (sealed.root / name).unlink()
    _run("seal", sealed.root, "--key", sealed.keys / "team.pem")
    (sealed.root / "model.sig").write_bytes(signature)
    verify = ("verify", sealed.root, "--key", sealed.keys / "team.pub.pem")
    assert _run(*verify).exit_code == 4
    # It is over the manifest of the first seal, which is not this one.
    assert _run(*verify, "--oms-key", sealed.keys / "model.pub.pem").exit_code == 3
    sealed.resign("model.sig", _listed_as(sealed.root))
    assert _run(*verify, "--oms-key", sealed.keys / "model.pub.pem").exit_code == 0


def _listed_as(root: Path) -> Callable[[dict[str, Any]], None]:
    def change(said: dict[str, Any]) -> None:
        resources = said["predicate"]["resources"]
        for one in resources:
            data = (root / one["name"]).read_bytes()
            one["digest"] = hashlib.sha256(data).hexdigest()
        joined = b"".join(bytes.fromhex(one["digest"]) for one in resources)
        said["subject"][0]["digest"]["sha256"] = hashlib.sha256(joined).hexdigest()

    return change
