"""What a team sealed with an older version still verifies, today and in ten years."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from dokja.settings import read_settings
from dokja.submission.values import SealTrust
from dokja.wiring.sealing import CheckRequest, check_own

SEALS = sorted((Path(__file__).parent / "seals").glob("*.zip"))
SETTINGS = read_settings({})


def test_there_is_one_of_ours_and_one_of_the_reference_tool() -> None:
    """An empty folder would make the test below pass by having none."""
    assert {path.stem.endswith("-reference") for path in SEALS} == {False, True}


@pytest.mark.parametrize("archive", SEALS, ids=lambda path: str(path.stem))
def test_an_old_seal_verifies_and_still_binds(archive: Path, tmp_path: Path) -> None:
    """By the same key, and not after a byte changed or under another key."""
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path)
    folder, keys = tmp_path / "folder", tmp_path / "keys"

    def check(key: str) -> SealTrust:
        request = CheckRequest(folder=folder, key=keys / key)
        return check_own(request, settings=SETTINGS).trust

    assert check("team.pub.pem") is SealTrust.VERIFIED
    assert check("other.pub.pem") is SealTrust.FAILED
    (folder / "training/loss.csv").write_bytes(b"0")
    assert check("team.pub.pem") is SealTrust.FAILED
