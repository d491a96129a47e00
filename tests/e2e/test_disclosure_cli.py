"""`dokja disclosure` on a real published bundle: for everybody, a team, an auditor."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from click.testing import CliRunner, Result

from dokja.cli import commands

OLD = Path(__file__).parents[1] / "compat" / "bundles" / "0.1.0.zip"


def run(*words: object) -> Result:
    """The result of the command."""
    return CliRunner().invoke(commands, ["disclosure", *map(str, words)])


def test_scores_are_published_handed_out_and_checked(tmp_path: Path) -> None:
    """The same bundle and secret give the same bytes; a changed score is found."""
    with zipfile.ZipFile(OLD) as archive:
        archive.extractall(tmp_path / "bundle")
    bundle = next((tmp_path / "bundle").rglob("bundle.json")).parent
    secret = tmp_path / "secret"
    secret.write_bytes(b"x" * 32)
    places = ["--secret", secret, "--out", tmp_path / "all"]
    sheets = ["--sheets", tmp_path / "own"]
    tried = run("publish", bundle, *places, "--dry-run", "--json")
    assert tried.exit_code == 0, tried.output
    assert not (tmp_path / "all").exists()
    done = run("publish", bundle, *places, *sheets, "--lang", "ko")
    assert done.exit_code == 0, done.output
    assert "항목" in done.output
    published = tmp_path / "all" / "published.json"
    assert published.read_text("utf-8").strip() == tried.output.strip()
    team = json.loads((tmp_path / "own" / "sheets.json").read_text("utf-8"))[0]
    audit = ["--sheet", tmp_path / "own" / team, "--bundle", bundle]
    held = run("verify", published, *audit, "--secret", secret, "--json")
    assert held.exit_code == 0, held.output
    checks = json.loads(held.output)["checks"]
    assert [check["id"] for check in checks] == ["D1", "D2", "D3", "D4", "D5"]
    changed = json.loads(published.read_text("utf-8"))
    changed["scores"][0]["opened"]["points"] = "99.00"
    published.write_text(json.dumps(changed), "utf-8")
    assert run("verify", published).exit_code == 3


def test_refusals_name_the_remedy(tmp_path: Path) -> None:
    """A secret that is none, and a file that is something else."""
    (tmp_path / "p.json").write_text("{}", "utf-8")
    wrong = run("verify", tmp_path / "p.json")
    assert "as it was published" in str(wrong.exception)
