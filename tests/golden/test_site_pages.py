"""Pages of the site read as they did when a person last looked at them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dokja.report.site import render_site
from tests.site_fixture import made_up_publication

GOLDEN = Path(__file__).with_name("site")
PAGES = (
    "corrections.html",
    "claims/total.team-a.html",
    "claims/lineage.team-b.vision_encoder.vision-ref.html",
    "claims/decision.team-d.html",
)


@pytest.mark.parametrize("path", PAGES)
def test_the_page_is_the_golden_one(request: pytest.FixtureRequest, path: str) -> None:
    """`--update-goldens` rewrites it; look at the page in a browser then."""
    html = render_site(made_up_publication())[path].decode()
    found = re.search(r"<main.*?</main>", html, re.DOTALL)
    assert found
    golden = GOLDEN / Path(path).name
    if request.config.getoption("--update-goldens"):
        golden.write_text(found[0] + "\n", encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == found[0] + "\n"
