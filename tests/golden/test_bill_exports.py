"""The exports of an invented team read as they did when a person last looked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from dokja.evidence.canonical import canonical_bytes
from dokja.submission.bom import (
    croissant_of,
    cyclonedx_of,
    notice_of,
    notice_page,
    spdx_of,
    summary_of,
    summary_page,
)
from tests.licence_fixture import CREATED, TABLES, MadeUpTeam

GOLDEN = Path(__file__).with_name("bill")
TEAM = MadeUpTeam()


def _indented(document: object) -> str:
    plain = json.loads(canonical_bytes(document))
    return json.dumps(plain, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _notice(lang: str) -> str:
    return notice_page(notice_of(TEAM.bill(), TEAM.report(), TABLES), lang=lang)


EXPORTS: Mapping[str, Callable[[], str]] = {
    "cyclonedx.json": lambda: _indented(
        cyclonedx_of(TEAM.bill(), made_by="0", created=CREATED)
    ),
    "spdx.json": lambda: _indented(spdx_of(TEAM.bill(), made_by="0", created=CREATED)),
    "croissant.json": lambda: _indented(croissant_of(TEAM.bill(), created=CREATED)),
    "eu-summary.json": lambda: _indented(summary_of(TEAM.bill())),
    "eu-summary.en.md": lambda: summary_page(summary_of(TEAM.bill()), lang="en"),
    "eu-summary.ko.md": lambda: summary_page(summary_of(TEAM.bill()), lang="ko"),
    "notice.en.txt": lambda: _notice("en"),
    "notice.ko.txt": lambda: _notice("ko"),
    "licences.json": lambda: _indented(TEAM.report().checks),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_the_export_is_the_golden_one(
    request: pytest.FixtureRequest, name: str
) -> None:
    """`--update-goldens` rewrites it; look at what changed before keeping it."""
    found = EXPORTS[name]()
    if request.config.getoption("--update-goldens"):
        (GOLDEN / name).write_text(found, encoding="utf-8")
    assert (GOLDEN / name).read_text(encoding="utf-8") == found
