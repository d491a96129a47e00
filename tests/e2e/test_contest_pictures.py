"""Pictures of prompts: from the contest's own folder, to voters alone, as pictures."""

from __future__ import annotations

import re
import shutil
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_bytes
from dokja.settings import shipped_folder
from dokja.wiring.contest_files import read_materials
from tests.e2e.contest_site import Site, Visitor, open_example, serve


def png(side: int) -> bytes:
    """A grey square."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = b"".join(b"\x00" + b"\x80" * side for _ in range(side))
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


PICTURE = png(64)
DIGEST = digest_bytes(PICTURE)
ADDRESS = f"/contest/picture/{DIGEST.removeprefix('sha256:')}"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example's stage in which every prompt has a picture."""
    programme = tmp_path_factory.mktemp("pictures") / "programme"
    shutil.copytree(shipped_folder("examples") / "programme", programme)
    stage = programme / "stage-1"
    plan = (stage / "contest.toml").read_text(encoding="utf-8")
    added = re.sub(r"(\nfield = )", f'\nimage_digest = "{DIGEST}"\\1', plan)
    (stage / "contest.toml").write_text(added, encoding="utf-8")
    (stage / "pictures").mkdir()
    (stage / "pictures" / "square.png").write_bytes(PICTURE)
    (stage / "pictures" / "spare.png").write_bytes(png(32))
    return stage


@pytest.fixture(scope="module")
def site(stage: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An office whose contest has pictures, and is open."""
    work = tmp_path_factory.mktemp("office")
    with open_example(work, programme=str(stage.parent)) as office:
        assert office.keeper is not None
        office.keeper.open()
        with serve(office) as found:
            yield found


def test_a_picture_is_served_as_nothing_but_a_picture(site: Site) -> None:
    """To voters; the address is its digest and leads to pictures of prompts alone."""
    voter = Visitor(site, login="sees")
    assert voter.get(ADDRESS).status_code == 403
    voter.register()
    found = voter.get(ADDRESS)
    assert found.content == PICTURE
    assert found.headers["content-type"] == "image/png"
    assert "sandbox" in found.headers["content-security-policy"]
    assert found.headers["x-content-type-options"] == "nosniff"
    spare = digest_bytes(png(32)).removeprefix("sha256:")
    for other in (spare, "0" * 64, "..%2fanswers.jsonl", "square.png"):
        assert voter.get(f"/contest/picture/{other}").status_code == 404


def test_a_picture_is_shown_beside_its_prompt(site: Site, browser: Browser) -> None:
    """Loaded by a real browser under the policy of the site."""
    voter = Visitor(site, login="looks")
    voter.register()
    voter.begin()
    context = browser.new_context(base_url=site.address)
    context.add_cookies(
        [
            {"name": name, "value": value, "url": site.address}
            for name, value in voter.cookies.items()
        ]
    )
    page = context.new_page()
    page.goto("/contest/battle")
    image = page.locator(".asked img")
    assert image.get_attribute("src") == ADDRESS
    assert image.evaluate("image => image.naturalWidth") == 64
    assert image.get_attribute("alt")
    context.close()


@pytest.mark.parametrize("content", [b"<svg/>", png(64)[:20], b"MZ" * 100])
def test_what_is_no_picture_is_refused_before_the_opening(
    stage: Path, tmp_path: Path, content: bytes
) -> None:
    """Whatever its name says."""
    shutil.copytree(stage, tmp_path / "stage")
    (tmp_path / "stage" / "pictures" / "square.png").write_bytes(content)
    with pytest.raises(InvalidInput, match="picture"):
        read_materials(tmp_path / "stage")


def test_a_missing_picture_is_named_before_the_opening(
    stage: Path, tmp_path: Path
) -> None:
    """No voter finds a hole where a picture should be."""
    shutil.copytree(stage, tmp_path / "stage")
    (tmp_path / "stage" / "pictures" / "square.png").unlink()
    with pytest.raises(InvalidInput, match=DIGEST):
        read_materials(tmp_path / "stage")
