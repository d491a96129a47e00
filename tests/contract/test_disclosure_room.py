"""Published scores and outsiders' facts through their pages; a team's own sheet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dokja.disclosure import publish_scores, score_sheets
from dokja.evidence.canonical import canonical_bytes
from dokja.people.values import Role
from tests.contract.filled_forms import take
from tests.contract.house import House, opened_house
from tests.unit.disclosure.test_scores import BEST_AND_MEAN, scores

POINTS = ("31.60", "30.00", "28.20", "27.00", "26.00")
FACT = """
kind = "index"
team = "t1"
body = "Somebody"
index = "Intelligence"
version = "4"
value = 32
source = {{ publisher = "{publisher}", on = "2026-01" }}
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An office that published means, and holds a sheet for each team."""
    with opened_house(tmp_path) as found:
        work = found.office.request.work
        sealed = scores(*POINTS, shown=(*BEST_AND_MEAN, ("team_scores", "own_team")))
        published = publish_scores(sealed)
        write(work / "published/scores/published.json", canonical_bytes(published))
        for sheet in score_sheets(sealed, published):
            write(work / f"sheets/{sheet.team}.json", canonical_bytes(sheet))
        yield found


def write(path: Path, data: bytes) -> None:
    """A file of the office's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def test_means_stand_with_the_check_of_their_proof(house: House) -> None:
    """The best is open, the rest is sealed; one changed digit and it fails."""
    public = house.public()
    found: Any = house.view(public, "/disclosures")["scores"]
    assert found[0]["is_sound"]
    assert [line["mean"] for line in found[0]["figures"]] == ["28.56", "28.56"]
    assert found[0]["figures"][0]["opened"] == ["t1 31.60"]
    text = public.get("/disclosures").text
    assert not [points for points in POINTS[1:] if points in text]
    file = house.office.request.work / "published/scores/published.json"
    assert public.get("/disclosures/scores/published").content == file.read_bytes()
    write(file, file.read_bytes().replace(b'"28.56"', b'"28.57"', 1))
    changed: Any = house.view(public, "/disclosures")["scores"]
    assert not changed[0]["is_sound"]
    write(file, b"{}")
    assert house.view(public, "/disclosures")["scores"] == []
    assert public.get("/disclosures/scores/published").status_code == 404


def test_a_team_gets_its_own_sheet_and_nobody_elses(house: House) -> None:
    """Checked against what is published; a sheet of another name opens nothing."""
    own = house.window(Role.TEAM, "t2")
    found: Any = house.view(own, "/team/scores")["sheets"]
    assert found[0]["holds"]
    assert [line["points"] for line in found[0]["lines"]] == ["30.00", "30.00"]
    assert "31.60" not in own.get("/team/scores").text
    assert "/team/scores" in own.get("/team").text
    assert house.window(Role.OFFICE).get("/team/scores").status_code == 403
    sheets = house.office.request.work / "sheets"
    (sheets / "t2.json").write_bytes((sheets / "t1.json").read_bytes())
    assert house.view(own, "/team/scores")["sheets"] == []


def test_what_an_outsider_says_is_recorded_corrected_and_taken_off(
    house: House,
) -> None:
    """Each with its source; nothing is overwritten, and the public only reads."""
    office = house.window(Role.OFFICE)
    fact = FACT.format(publisher="A site")
    path = "/acts/recognition-record"
    assert take(office, path, id="t1-index", fact=fact).status_code == 303
    assert take(office, path, id="t1-index", fact=fact).status_code in {403, 409}
    correct = "/acts/recognition-correct?of=t1-index"
    assert "A site" in office.get(correct).text
    better = {"fact": FACT.format(publisher="Another"), "reason__ko": "출처 정정"}
    assert take(office, correct, **better).status_code == 303
    off = "/acts/recognition-take-off?of=t1-index"
    source = {"source__publisher": "A site", "source__on": "2026-03"}
    gone = take(office, off, reason__ko="목록에서 빠짐", **source)
    assert gone.status_code == 303
    (line,) = facts(house)
    assert (line["state"]["en"], line["acts"]) == ("taken off", [])
    assert line["source"]["publisher"] == "Another"
    assert "/acts/" not in house.public().get("/disclosures").text


def facts(house: House) -> Any:
    """What outsiders say, as the public reads it."""
    return house.view(house.public(), "/disclosures")["facts"]
