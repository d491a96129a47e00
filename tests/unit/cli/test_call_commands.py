"""`dokja call` as an office runs it: every command in order, on one record."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from dokja.cli import commands
from dokja.cli import desk as clock_of
from dokja.cli.call import call
from dokja.errors import Conflict, InvalidInput, NotAllowed, Unavailable
from dokja.evidence.canonical import canonical_bytes
from tests.after_fixture import confirmation_act, decision_act, on_record
from tests.call_fixture import (
    AFTER,
    BEFORE,
    CLOSES,
    DOCUMENTS,
    DURING,
    EXPERTS,
    PRESENTATION,
    call_text,
    proposal,
    sheets,
    votes_for,
    written,
)
from tests.rulebooks import ROOT, changed

SEATS = [{"expert": expert} for expert in EXPERTS]
REGISTER = {"experts": EXPERTS, "organisations": [], "teams": [], "ties": []}


class Desk:
    """An office at its command line, with a clock that the test sets."""

    def __init__(self, place: Path, patch: pytest.MonkeyPatch) -> None:
        self.place = place
        self.at = BEFORE
        patch.setattr(clock_of, "now", lambda: datetime.fromisoformat(self.at))
        patch.setenv("DOKJA_DATABASE", "")
        patch.setenv("COLUMNS", "200")

    def run(self, *arguments: object, by: str = "officer-1") -> str:
        """What the command printed; a refusal is raised."""
        own = ["--work", self.place / "office", *(["--by", by] if by else [])]
        given = [str(argument) for argument in (*arguments, *own)]
        done = CliRunner().invoke(call, given, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    def file(self, content: Any) -> Path:
        """A JSON file with the content."""
        path = self.place / "request.json"
        path.write_bytes(canonical_bytes(content))
        return path

    def show(self, *arguments: object) -> Any:
        """The call as JSON."""
        return json.loads(self.run("show", "c1", "--json", *arguments, by=""))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """An office with an empty record."""
    return Desk(tmp_path, monkeypatch)


def test_an_office_runs_a_revival_from_draft_to_end(desk: Desk) -> None:
    """Announced, asked, applied, compared, heard, reviewed, selected, agreed."""
    _announce(desk)
    _take_applications(desk)
    _find_eligibility(desk)
    _review(desk)
    _conclude(desk)
    shown = desk.show()
    assert shown["phase"] == "closed_out"
    phases = {row["id"]: row["phase"] for row in shown["applications"]}
    assert phases == {
        "a01": "selected",
        "a02": "not_selected",
        "a03": "withdrawn",
        "a04": "ineligible",
    }
    assert all(e["by"] and e["clause"] for e in shown["timeline"])
    korean = desk.run("show", "c1", "--lang", "ko", by="")
    assert "선정되지 않음" in korean
    assert "종결" in korean
    own = desk.show("--for", "a02")
    assert [row["feedback"]["en"] for row in own["applications"]] == ["firmer plan"]
    public = desk.run("show", "c1", "--for", "public", by="")
    assert "a01" in public
    assert "a02" not in public
    assert "firmer plan" not in public


def _announce(desk: Desk) -> None:
    text = call_text(kind="revival", slots=1)
    desk.run("draft", "c1", desk.file(text))
    desk.run("draft", "c1", desk.file(text), "--clause", "4.2")
    assert "blocked: announce" in desk.run("show", "c1", by="")
    decided = decision_act("2031-02-09")
    on_record(desk.place / "office", decided)
    with pytest.raises(NotAllowed, match="is not final"):
        desk.run("open", "c1")
    final = confirmation_act(decided, "2031-02-10T09:00:00+09:00")
    on_record(desk.place / "office", final)
    said = desk.run("open", "c1", "--lang", "ko")
    assert "공고" in said
    assert "추가 공모 지정" in said
    assert "4.2" in said
    desk.at = DURING
    asked = {"what": "asked", "id": "q1", "channel": "briefing"}
    desk.run(
        "say", "c1", desk.file({**asked, "text": {"ko": "됩니까", "en": "May we"}})
    )
    assert "answer question q1" in desk.run("show", "c1", by="")
    against = {"clause": "1.1", "explanation": {"ko": "제외", "en": "excluded"}}
    answered = {"what": "answered", "question": "q1", "contradicts": against}
    desk.run(
        "say", "c1", desk.file({**answered, "text": {"ko": "됩니다", "en": "You may"}})
    )
    assert "the binding text holds" in desk.run("show", "c1", "--for", "public", by="")


def _take_applications(desk: Desk) -> None:
    folder = written(desk.place / "files")
    for name in ("a01", "a02", "a03", "a04"):
        proposed = proposal(f"{name} Labs", "Member Co", open_share="0.6")
        desk.run("apply", "c1", name, desk.file(proposed), by=name)
        desk.run("submit", "c1", name, folder, by=name)
    members = msgspec.to_builtins(proposal("a01 Labs").members)
    why = ("--reason-ko", "탈퇴", "--reason-en", "left")
    desk.run("amend", "c1", "a01", desk.file({"members": members}), *why)
    desk.run("withdraw", "c1", "a03", by="a03")
    late = "2031-04-05T16:00:00+09:00"
    why = ("--reason-ko", "접수 장애", "--reason-en", "intake failed")
    desk.run("extend", "c1", late, *why)
    desk.at = "2031-04-06T10:00:00+09:00"
    desk.run("close", "c1")


def _find_eligibility(desk: Desk) -> None:
    for name in ("a01", "a02", "a04"):
        verdict = "derived" if name == "a04" else "no_evidence"
        report = desk.place / f"{name}.json"
        report.write_bytes(canonical_bytes(_report(verdict)))
        reference = ("--holder", "Foreign Lab", "--released", "2029-01-01")
        desk.run("cite", "c1", name, "model-1", report, *reference)
        for entry in ("model-1", "code-1", "people-1"):
            found = {"entry": entry, "result": "pass", "detail": {"ko": "", "en": ""}}
            desk.run("check", "c1", name, desk.file({"what": "track_checked", **found}))
    desk.run("eligibility", "c1", "a01")
    desk.run("eligibility", "c1", "a02")
    with pytest.raises(NotAllowed, match="not heard on definition"):
        desk.run("eligibility", "c1", "a04")
    facts = {"ko": "비교 결과", "en": "the comparison"}
    asked = desk.file({"checks": ["definition"], "facts": facts})
    desk.run("ask-reply", "c1", "a04", asked)
    assert "waits: eligibility of a04" in desk.run("show", "c1", by="")
    given = {"what": "replied", "text": "저희 모델입니다."}
    desk.run("reply", "c1", "a04", desk.file(given), by="a04")
    opinion = {"ko": "소명으로 달라지지 않음", "en": "the reply does not change it"}
    finding = {"outcome": "ineligible", "reviewers": ["r1", "r2"], "opinion": opinion}
    desk.run("settle", "c1", "a04", desk.file(finding))


def _review(desk: Desk) -> None:
    named = {"round": "documents", "seats": SEATS, "register": REGISTER}
    desk.run("panel", "c1", desk.file(named))
    desk.run("screen", "c1")
    scores = {"a01": (50, 30), "a02": (40, 30)}
    desk.run("shortlist", "c1", desk.file(sheets(DOCUMENTS, scores)))
    overseas = {"expert": "e5", "languages": ["en"], "overseas": True}
    named = {**named, "round": "presentation", "seats": [*SEATS[:4], overseas]}
    desk.run("panel", "c1", desk.file(named))
    with pytest.raises(NotAllowed, match="which e5 does not read"):
        desk.run("present", "c1", "a01", "--language", "ko")
    for name in scores:
        desk.run("present", "c1", name, "--language", "ko", "--language", "en")
    review = {
        "panel": sheets(PRESENTATION, scores),
        "votes": [*votes_for("a01", 3), *votes_for("a02", 2)],
    }
    with pytest.raises(Conflict, match="you have read 3"):
        desk.run("decide", "c1", desk.file(review), "--seen", 3)
    dry = desk.run("decide", "c1", desk.file(review), "--dry-run")
    assert "not written" in dry
    assert desk.show()["phase"] == "reviewing"
    acts = json.loads(desk.run("decide", "c1", desk.file(review), "--json"))
    assert [act["kind"] for act in acts["acts"]] == ["call", *["application"] * 2]


def _conclude(desk: Desk) -> None:
    desk.run("agree", "c1", "a01", "--starts", "2031-05-01")
    signed = {"what": "signed", "document": "sha256:04"}
    for step in (signed, {"what": "active"}):
        desk.run("agreement", "c1", "a01", desk.file(step))
    met = {"what": "met", "obligation": "report-1", "evidence": "sha256:05"}
    desk.run("agreement", "c1", "a01", desk.file(met))
    terms = desk.show()["agreements"][0]["terms"]
    amended = {"what": "amended", "terms": terms, "consent": "sha256:06"}
    why = ("--reason-ko", "합의", "--reason-en", "agreed")
    desk.run("agreement", "c1", "a01", desk.file(amended), *why)
    told = {"what": "feedback", "text": {"ko": "계획 보완", "en": "firmer plan"}}
    for name in ("a02", "a04"):
        desk.run("feedback", "c1", name, desk.file(told))
    ended = json.loads(desk.run("close-out", "c1", "--team", "a01=newcomer", "--json"))
    events = [(act["kind"], act["body"]["event"]) for act in ended["acts"]]
    filled = {"what": "filled", "team": "newcomer", "application": "a01"}
    assert events == [("call", {"what": "closed_out"}), ("vacancy", filled)]


def test_nobody_selected_leaves_the_place_empty_with_the_call(desk: Desk) -> None:
    """Both go on record together; beside a call nobody fills or leaves a place."""
    _announce(desk)
    for words in (
        ["decision", "leave-empty", "--ko", "사유", "--en", "reason"],
        ["decision", "revival", "c1"],
    ):
        where = ["--work", str(desk.place / "office"), "--by", "officer-1"]
        refused = CliRunner().invoke(commands, [*words, *where])
        assert "call c1 is on this record and open" in str(refused.exception)
    desk.run("draft", "c2", desk.file(call_text(kind="revival", slots=1)))
    with pytest.raises(NotAllowed, match="c1 was called"):
        desk.run("open", "c2")
    desk.at = AFTER
    desk.run("close", "c1")
    named = {"round": "documents", "seats": SEATS, "register": REGISTER}
    desk.run("panel", "c1", desk.file(named))
    desk.run("screen", "c1")
    desk.run("shortlist", "c1", desk.file(sheets(DOCUMENTS, {})))
    desk.run("panel", "c1", desk.file({**named, "round": "presentation"}))
    desk.run("decide", "c1", desk.file({"panel": sheets(PRESENTATION, {})}))
    ended = json.loads(desk.run("close-out", "c1", "--json"))
    assert [act["body"]["event"]["what"] for act in ended["acts"]] == [
        "closed_out",
        "left_empty",
    ]


def test_toml_files_may_write_moments_of_their_own(desk: Desk) -> None:
    """What TOML reads as a moment is kept as the text it was."""
    path = desk.place / "call.toml"
    path.write_text(
        f"""
kind = "initial"
title = {{ ko = "공모", en = "Call" }}
opens = 2031-03-03T09:00:00+09:00
closes = {CLOSES}
slots = 1
shortlist = 2
definition = {{ clause = "1.1", text = {{ ko = "정의", en = "definition" }} }}
documents = [{{ id = "plan", name = {{ ko = "계획", en = "plan" }}, max = 100 }}]
presentation = [{{ id = "goal", name = {{ ko = "목표", en = "goal" }}, max = 100 }}]
""",
        encoding="utf-8",
    )
    desk.run("draft", "c1", path)
    desk.run("open", "c1")
    assert desk.show()["closes"] == CLOSES
    assert desk.run("show", by="").split() == ["c1", "open"]


def test_the_example_files_are_a_call_with_a_recused_expert(desk: Desk) -> None:
    """What the guides show can be run as it stands."""
    shown = ROOT / "examples/call"
    desk.run("draft", "c1", shown / "call.toml")
    desk.run("open", "c1")
    desk.at = DURING
    desk.run("apply", "c1", "a01", shown / "application.toml", by="a01")
    desk.run("submit", "c1", "a01", written(desk.place / "files"), by="a01")
    desk.at = AFTER
    desk.run("close", "c1")
    acts = json.loads(desk.run("panel", "c1", shown / "panel.toml", "--json"))
    recusals = acts["acts"][0]["body"]["event"]["recusals"]
    assert [(one["expert"], one["team"]) for one in recusals] == [("e02", "a01")]


def test_what_a_door_refuses_names_the_way_on(desk: Desk) -> None:
    """An unknown call, clause, application, report; a link; rules that came later."""
    with pytest.raises(Unavailable, match="no call c1"):
        desk.run("close", "c1")
    with pytest.raises(InvalidInput, match="no clause '9'"):
        desk.run("draft", "c1", desk.file(call_text()), "--clause", "9")
    desk.run("draft", "c1", desk.file(call_text()))
    desk.run("open", "c1")
    with pytest.raises(Unavailable, match="no application a01"):
        desk.run("withdraw", "c1", "a01")
    desk.at = DURING
    desk.run("apply", "c1", "a01", desk.file(proposal("A", open_share="0.6")))
    folder = written(desk.place / "files")
    (folder / "link").symlink_to(desk.place)
    with pytest.raises(InvalidInput, match="is a link"):
        desk.run("submit", "c1", "a01", folder)
    (folder / "link").unlink()
    desk.run("submit", "c1", "a01", folder)
    desk.at = AFTER
    desk.run("close", "c1")
    with pytest.raises(InvalidInput, match="no report of a comparison"):
        desk.run("cite", "c1", "a01", "model-1", desk.file({}), "--holder", "F")
    later = desk.place / "later.toml"
    later.write_text(changed("least_sheets = 3", "least_sheets = 2"), encoding="utf-8")
    with pytest.raises(NotAllowed, match="was opened under the rules"):
        desk.run("show", "c1", "--programme", later, by="")


def _report(verdict: str) -> dict[str, Any]:
    """The JSON of a comparison with this verdict on its one component."""
    text = {"ko": "", "en": ""}
    component: dict[str, Any] = {
        "name": "text_decoder",
        "reference": "open-base-1",
        "verdict": verdict,
        "relation": None,
        "explained_share": None,
        "layer_map": [],
        "detection_limit": None,
        "tests": [],
        "identical_tensors": 0,
        "tested_tensors": 1,
        "untested": [],
        "reason": text,
    }
    return {
        "candidate": "an earlier model",
        "reference": "open-base-1",
        "rules_digest": "sha256:02",
        "verdict": verdict,
        "components": [component],
        "tokenizer": {"agreement": None, "controls": []},
        "limits": text,
    }
