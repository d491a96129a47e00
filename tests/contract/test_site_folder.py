"""A site and its log on disk: whole or not at all, and nothing on a dry run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dokja.adapters.folders import publish_folder
from dokja.errors import Conflict, InvalidInput
from dokja.wiring.site import SiteRequest, correct, publish_site
from tests.site_fixture import SIGNER, correction, simulated_bundle


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle in a folder."""
    publish_folder(tmp_path / "bundle", simulated_bundle(), replace=False)
    return tmp_path / "bundle"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """The office's public key as a reader keeps it."""
    path = tmp_path / "office.pub"
    path.write_text(SIGNER.verifier.pem, encoding="utf-8")
    return path


def _request(bundle: Path, key: Path, **changed: Any) -> SiteRequest:
    request = SiteRequest(
        bundle=bundle,
        out=bundle.with_name("site"),
        replace=False,
        key=key,
        log=None,
        contact="",
    )
    return replace(request, **changed)


def test_a_dry_run_checks_everything_and_writes_nothing(
    bundle: Path, key: Path, tmp_path: Path
) -> None:
    """Who tries first must not have published already."""
    entry, log = tmp_path / "entry.toml", tmp_path / "corrections.toml"
    entry.write_text(correction("total.t1"), encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    found = correct(bundle, log=log, entry=entry, key=key, dry_run=True)
    made = publish_site(_request(bundle, key), dry_run=True)
    assert (found.corrections[0].number, made.has_key) == (1, True)
    assert sorted(tmp_path.rglob("*")) == before
    entry.write_text(correction("total.nobody"), encoding="utf-8")
    with pytest.raises(InvalidInput, match="no claim"):
        correct(bundle, log=log, entry=entry, key=key, dry_run=True)


def test_corrections_are_appended_and_appear_on_the_site(
    bundle: Path, key: Path, tmp_path: Path
) -> None:
    """The file grows at its end; the site is replaced when asked, else not."""
    entry, log = tmp_path / "entry.toml", tmp_path / "corrections.toml"
    texts = []
    for claim in ("total.t1", "rank.t2"):
        entry.write_text(correction(claim), encoding="utf-8")
        correct(bundle, log=log, entry=entry, key=key, dry_run=False)
        texts.append(log.read_text(encoding="utf-8"))
    assert texts[1].startswith(texts[0])
    made = publish_site(_request(bundle, key, log=log), dry_run=False)
    assert made.corrections == 2
    site = tmp_path / "site"
    assert (site / "corrections.toml").read_text(encoding="utf-8") == texts[1]
    assert len([p for p in site.rglob("*") if p.is_file()]) == made.files
    with pytest.raises(Conflict, match="already holds a site"):
        publish_site(_request(bundle, key), dry_run=False)
    assert publish_site(_request(bundle, key, replace=True), dry_run=False)


def test_a_bundle_is_not_taken_for_a_site(bundle: Path, key: Path) -> None:
    """Replacing destroys what is there; only a site is ever replaced by one."""
    bundle.with_name("site").mkdir()
    (bundle.with_name("site") / "bundle.json").write_text("{}", encoding="utf-8")
    with pytest.raises(Conflict, match="is not a site"):
        publish_site(_request(bundle, key, replace=True), dry_run=False)
