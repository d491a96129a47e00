"""The panel of an office's stage, from its folder and its rules."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from dokja.errors import InvalidInput, NotAllowed, Unavailable
from dokja.evidence.values import Act
from dokja.panel.desk import TaskState
from dokja.settings import shipped_folder
from dokja.wiring.office import Office
from dokja.wiring.panel_room import OUTDATED, UNASSIGNABLE, open_panel_room
from dokja.wiring.reading_room import (
    Sealing,
    open_reading_room,
    report_bytes,
    team_name,
)
from tests.contract.office_site import open_site
from tests.panel_room_fixture import TEAMS, open_panel_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The office of a panel of one round."""
    with open_panel_office(tmp_path) as found:
        yield found


def stage(office: Office) -> Path:
    """Folder of the stage, which an organiser may edit."""
    return Path(office.request.programme) / office.request.stage


def unruled(office: Office) -> Office:
    """The office under a rulebook that says nothing of interests or of the panel."""
    (stage(office) / "interests.toml").unlink()
    rulebook = msgspec.structs.replace(
        office.rulebook, panel_rules=msgspec.UNSET, interest_rules=msgspec.UNSET
    )
    inputs = dataclasses.replace(office.inputs, rulebook=rulebook)
    return dataclasses.replace(office, inputs=inputs)


def test_without_rules_everybody_scores_every_team(office: Office) -> None:
    """Whom the panel's file says to have declared a conflict stays out."""
    path = stage(office) / "panel.json"
    panel = json.loads(path.read_text(encoding="utf-8"))
    panel["experts"][0]["conflicts"] = ["dalyeoul"]
    path.write_text(json.dumps(panel), encoding="utf-8")
    room = open_panel_room(unruled(office))
    states = {t.name.team: t.state for t in room.desk("a").tasks("e01")}
    assert states.pop("dalyeoul") is TaskState.RECUSED
    assert set(states.values()) == {TaskState.OPEN}
    assert set(states) == {*TEAMS} - {"dalyeoul"}
    assert room.proposal() is None
    with pytest.raises(NotAllowed, match="no assignment"):
        room.freeze_assignment()


def test_nobody_scores_where_no_assignment_keeps_to_the_rules(office: Office) -> None:
    """The room says so in both languages and opens no desk."""
    rules = office.rulebook.panel_rules
    assert rules
    wanted = msgspec.structs.replace(rules, experts_per_team=3)
    rulebook = msgspec.structs.replace(office.rulebook, panel_rules=wanted)
    inputs = dataclasses.replace(office.inputs, rulebook=rulebook)
    room = open_panel_room(dataclasses.replace(office, inputs=inputs))
    assert room.not_ready == UNASSIGNABLE
    found = room.proposal()
    assert found is not None
    assert {one.team for one in found.shortfalls} == {"moraesinae", "galbaramjae"}
    with pytest.raises(NotAllowed) as refused:
        room.require_ready()
    assert refused.value.korean == UNASSIGNABLE.ko


def test_a_frozen_assignment_lapses_with_the_register(office: Office) -> None:
    """It names the interests it was made under."""
    open_panel_room(office).freeze_assignment()
    assert open_panel_room(office).not_ready is None
    path = stage(office) / "interests.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("2025-03-01", "2025-03-02"), encoding="utf-8")
    assert open_panel_room(office).not_ready == OUTDATED


@pytest.mark.parametrize("is_frozen", [False, True])
def test_nobody_owes_a_sheet_for_a_team_that_withdrew(
    office: Office, *, is_frozen: bool
) -> None:
    """Before the assignment was frozen or after it."""
    if is_frozen:
        open_panel_room(office).freeze_assignment()
    plan = msgspec.structs.replace(office.plan, withdrawn=("dalyeoul",))
    inputs = dataclasses.replace(office.inputs, plan=plan)
    room = open_panel_room(dataclasses.replace(office, inputs=inputs))
    assert room.is_frozen is is_frozen
    missing = room.office().status().missing
    assert {name.team for name in missing} == {*TEAMS} - {"dalyeoul"}


def test_a_folder_that_cannot_be_written_is_named(office: Office) -> None:
    """A folder in the place of the file, as after a failed copy."""
    found = open_panel_room(office)
    (stage(office) / "assignment.json").mkdir()
    with pytest.raises(Unavailable, match=r"assignment\.json cannot be written"):
        found.freeze_assignment()


def test_the_reading_room_says_what_is_not_there(office: Office) -> None:
    """No seal, no lineage, no report are three different things."""
    found = open_reading_room(office, "sangeuneul")
    assert (found.reports, found.lineage, found.is_measured) == ((), (), False)
    assert [paper.sealing for paper in found.training] == [Sealing.NOT_ON_RECORD]
    assert found.name.ko == "산그늘"


def test_a_report_that_is_not_the_sealed_one_is_not_shown(office: Office) -> None:
    """Its text was changed after the seal: nothing of it is read out."""
    seal = {
        "manifest": msgspec.to_builtins(open_reading_room(office, "dalyeoul").manifest),
        "rules_digest": "",
        "files": [{"path": "report.md", "size_bytes": 1, "digest": "sha256:0"}],
        "root": "",
    }
    office.store.acts.append(
        [
            Act(
                programme="example",
                stage="stage-1",
                kind="submission_sealed",
                subject="dalyeoul",
                at="2026-03-02T18:00:00+09:00",
                body=seal,
            )
        ]
    )
    (report,) = open_reading_room(office, "dalyeoul").reports
    assert report.paper.sealing is Sealing.DIFFERS
    assert report.text == ""


def test_a_submission_that_cannot_be_read_is_told_not_raised(office: Office) -> None:
    """A link out of the folder is refused; the page says so and shows the rest."""
    models = Path(office.request.programme).parent / "models"
    manifest = models / "sangeuneul" / "submission.toml"
    manifest.unlink()
    manifest.symlink_to(models / "dalyeoul" / "submission.toml")
    found = open_reading_room(office, "sangeuneul")
    assert found.problem is not None
    assert "symbolic link" in found.problem.en
    assert team_name(office, "sangeuneul").ko == "sangeuneul"


def test_no_page_names_a_path_of_the_office(office: Office) -> None:
    """Where the submissions lie is nobody's business."""
    found = open_reading_room(office, "anchor")
    assert found.problem is not None
    assert "/" not in found.problem.en
    with pytest.raises(Unavailable) as refused:
        report_bytes(office, "anchor")
    assert "/" not in refused.value.fact


def test_what_is_called_a_pdf_has_to_be_one(office: Office) -> None:
    """A page of HTML under that name is not handed on."""
    models = Path(office.request.programme).parent / "models"
    path = models / "sangeuneul" / "report.pdf"
    path.write_bytes(b"%PDF-1.7 a report")
    assert report_bytes(office, "sangeuneul").startswith(b"%PDF-")
    path.write_bytes(b"<script>")
    with pytest.raises(Unavailable):
        report_bytes(office, "sangeuneul")
    path.unlink()
    with pytest.raises((InvalidInput, Unavailable)):
        report_bytes(office, "sangeuneul")


def test_a_shipped_programme_is_not_written_to(tmp_path: Path) -> None:
    """What is closed there waits in the office's work; nothing is frozen."""
    with open_site(tmp_path / "work", {}) as office:
        room = open_panel_room(office)
        shipped = sorted(shipped_folder("examples").rglob("assignment.json"))
        with pytest.raises(NotAllowed, match="travels with Dokja"):
            room.freeze_assignment()
        room._write("panel.json", b"{}")
        assert sorted(shipped_folder("examples").rglob("assignment.json")) == shipped
        handed_on = tmp_path / "work" / "export" / "stage-1" / "panel.json"
        assert handed_on.read_bytes() == b"{}"
