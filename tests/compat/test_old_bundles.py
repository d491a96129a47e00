"""What an older version published still verifies, today and in ten years."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from dokja.adapters.signing import Ed25519Verifier
from dokja.bundle import KeyOrigin, Trust, TrustedKey, verify_bundle
from tests.e2e.conftest import dokja

BUNDLES = sorted((Path(__file__).parent / "bundles").glob("*.zip"))


def _files(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_there_is_at_least_one_release() -> None:
    """An empty folder would make the tests below pass by having none."""
    assert BUNDLES


@pytest.mark.parametrize("archive", BUNDLES, ids=lambda path: str(path.stem))
def test_an_old_bundle_verifies(archive: Path) -> None:
    """Same decision from the same acts, whatever changed since."""
    key = TrustedKey(
        verifier=Ed25519Verifier.from_pem_text(archive.with_suffix(".pub").read_text()),
        origin=KeyOrigin.GIVEN,
    )
    found = verify_bundle(_files(archive), key=key, measure=None)
    assert found.trust is Trust.VERIFIED, found.checks


@pytest.mark.parametrize("archive", BUNDLES, ids=lambda path: str(path.stem))
def test_an_office_nobody_pinned_is_untrusted(archive: Path, tmp_path: Path) -> None:
    """Exit 4 without a key, 0 with the office's own."""
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path)
    assert dokja("bundle", "verify", tmp_path).code == 4
    key = archive.with_suffix(".pub")
    assert dokja("bundle", "verify", tmp_path, "--key", key).code == 0
