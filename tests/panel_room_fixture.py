"""A programme with a panel at work: rules of interests, a register, an anchor round."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from dokja.people.values import Account, Language, NewAccount, PersonCard, Role
from dokja.settings import read_settings
from dokja.wiring.office import Office, OfficeRequest, open_office

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)
PASSWORD = "four words nobody joins"  # noqa: S105 - of an account of a test
TEAMS = ("dalyeoul", "sangeuneul", "moraesinae", "galbaramjae", "cheotnunmaeul")
REPORT = """# Technical report

We trained a decoder of 2.1 million parameters from scratch.

- data: counted, deduplicated
- <script>document.title = "hostile"</script>
"""

RULES = """[panel_rules]
experts_per_team = 2
teams_per_expert = 5
quorum = 2
agreement = true
calibration = {calibration}
discussion = {discussion}
"""

INTERESTS = """
schema = "dokja-panel-plan/1"
on = 2026-02-23
specialists = [
  {{ expert = "e01", fields = [] }},
  {{ expert = "e02", fields = [] }},
  {{ expert = "e03", fields = [] }},
]

[register]
experts = ["e01", "e02", "e03"]
organisations = ["o01"]
teams = {teams}
ties = [
  {tie}, right = "moraesinae", kind = "consortium", left = "o01" }},
  {tie}, right = "o01", kind = "employment", left = "e01", until = 2025-03-01 }},
]
declarations = [{{ expert = "e02", team = "galbaramjae", recorded = 2026-01-12 }}]
"""

TIE = '{ source = "made up", recorded = 2026-01-10'

CRITERIA = {
    "strategy": (
        "전략",
        "Strategy",
        {
            9: (
                "목표와 경쟁 모델이 측정 가능한 값으로 제시되고 근거가 있음",
                "Aim and competing models in measurable terms, with grounds",
            ),
            5: ("목표는 분명하나 근거가 일부 부족함", "A clear aim, grounds in part"),
            1: ("목표가 불분명함", "No clear aim"),
        },
    ),
    "technology": (
        "기술",
        "Technology",
        {
            9: (
                "설계 선택마다 실험 결과가 있고 재현할 수 있음",
                "Every design choice rests on an experiment that can be repeated",
            ),
            5: ("주요 선택의 근거만 제시됨", "Grounds for the main choices only"),
            1: (
                "기존 구조를 근거 없이 따름",
                "Follows a known design, without grounds",
            ),
        },
    ),
}


def make_programme(
    place: Path, *, calibration: bool = False, discussion: bool = False
) -> Path:
    """Folder of the programme; its models have papers and no weights."""
    root = Path(shutil.copytree(ROOT / "examples/programme", place / "programme"))
    text = RULES.format(
        calibration=str(calibration).lower(), discussion=str(discussion).lower()
    )
    rulebook = root / "rulebook.toml"
    shipped, found, _ = rulebook.read_text(encoding="utf-8").partition("[panel_rules]")
    assert found, "the example's rulebook has no panel rules any more"
    rulebook.write_text(shipped + text, encoding="utf-8")
    stage = root / "stage-1"
    (stage / "interests.toml").write_text(
        INTERESTS.format(teams=json.dumps(TEAMS), tie=TIE), encoding="utf-8"
    )
    panel = json.loads((stage / "panel.json").read_text(encoding="utf-8"))
    panel |= {
        "sheets": [],
        "experts": [{"id": e, "conflicts": []} for e in ("e01", "e02", "e03")],
        "criteria": [_criterion(name) for name in CRITERIA],
    }
    if calibration:
        panel["anchor"] = "anchor"
    (stage / "panel.json").write_text(json.dumps(panel), encoding="utf-8")
    for team in TEAMS:
        _submission(place / "models" / team, team)
    return root


def _criterion(name: str) -> dict[str, object]:
    ko, en, anchors = CRITERIA[name]
    return {
        "id": name,
        "max": 10,
        "name": {"ko": ko, "en": en},
        "anchors": [
            {"score": score, "text": {"ko": words[0], "en": words[1]}}
            for score, words in anchors.items()
        ],
    }


def _submission(folder: Path, team: str) -> None:
    shipped = ROOT / "examples/models" / team
    (folder / "training").mkdir(parents=True)
    shutil.copy(shipped / "submission.toml", folder)
    shutil.copy(shipped / "training/recipe.toml", folder / "training")
    if team == TEAMS[0]:
        (folder / "report.md").write_text(REPORT, encoding="utf-8")


@contextmanager
def open_panel_office(
    place: Path, *, calibration: bool = False, discussion: bool = False
) -> Iterator[Office]:
    """The office of the programme, at a quiet hour before the panel closes."""
    root = make_programme(place, calibration=calibration, discussion=discussion)
    request = OfficeRequest(programme=str(root), stage="stage-1", work=place / "work")
    settings = read_settings({"DOKJA_REQUESTS_PER_SECOND": "1000"})
    with open_office(request, settings=settings, clock=lambda: NOW) as office:
        yield office


def open_account(
    office: Office,
    role: Role,
    subject: str = "",
    *,
    password: str = "",
    language: Language = Language.KOREAN,
) -> Account:
    """An account that signs in as its subject, or its role, by password if any."""
    login = subject or role.value
    return office.desk.people.open_account(
        NewAccount(
            account=Account(
                id=f"account-{login}",
                role=role,
                subject=subject,
                login=login,
                language=language,
                created_at=NOW,
            ),
            card=PersonCard(),
            consents=(),
            password_hash=office.desk.passwords.hash(password) if password else None,
        )
    )
