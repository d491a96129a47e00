"""Draws the judges' sheets, the users' ballots and a team's reply for the example stage.

    python examples/training/make_people.py

No person filled these in: every mark is a rounded normal draw around a quality set below, from SEED.
"""

from __future__ import annotations

import numpy as np
from recipes import EXAMPLES
from record import write_json

SEED = 20260119
STAGE = EXAMPLES / "programme" / "stage-1"
EXPERTS = 10
USERS = 49
LOWEST, HIGHEST = 0, 10

# The mean mark of each team with the panel and with the users.
QUALITY = {
    "dalyeoul": (8.5, 8.3),
    "galbaramjae": (8.2, 7.9),
    "sangeuneul": (8.0, 7.8),
    "moraesinae": (6.8, 6.5),
    "cheotnunmaeul": (4.7, 4.5),
}
CRITERIA = (
    ("strategy", "전략", "Strategy"),
    ("technology", "기술", "Technology"),
    ("plan", "추진 계획", "Plan"),
    ("spillover", "파급 효과", "Spillover"),
)
# What a mark means, so that all experts mean the same by it.
ANCHORS = {
    "strategy": (
        (3, "목표가 있으나 근거가 없음", "A goal without grounds"),
        (6, "목표와 근거가 있고 자원이 뒷받침됨", "Goal, grounds and the means for it"),
        (
            9,
            "경쟁 모델과의 차이를 수치로 보이고 위험에 대비함",
            "Distance to rivals in figures, risks provided for",
        ),
    ),
    "technology": (
        (3, "알려진 방법을 그대로 적용함", "Known methods as they are"),
        (6, "선택마다 비교 실험이 있음", "Every choice has a comparison behind it"),
        (
            9,
            "새로운 방법과 실패한 시도를 함께 제시하고 재현 가능함",
            "New methods and failed ones, both reproducible",
        ),
    ),
    "plan": (
        (3, "일정만 있음", "Dates alone"),
        (
            6,
            "일정, 담당, 자원, 중간 점검이 있음",
            "Dates, people, means and checks on the way",
        ),
        (
            9,
            "차질에 대비한 대안과 판단 기준이 있음",
            "Alternatives, and what would make them take one",
        ),
    ),
    "spillover": (
        (3, "활용 분야를 나열함", "A list of fields"),
        (6, "수요처와 합의한 적용 계획이 있음", "Uses agreed with those who need them"),
        (9, "이미 쓰이고 있으며 효과를 측정함", "In use already, its effect measured"),
    ),
}
QUESTIONS = (
    ("usefulness", "현장 활용성", "Usefulness in the field"),
    ("efficiency", "비용 효율성", "Cost-efficiency"),
)
CONFLICTS = {"e03": ["moraesinae"], "e08": ["dalyeoul"]}


def note(korean: str, english: str) -> dict[str, object]:
    """The opening of every file: it is synthetic, and how it was made."""
    return {
        "synthetic": True,
        "note": {
            "ko": f"{korean} examples/training/make_people.py가 씨앗값 {SEED}으로 만들었으며, 사람이 작성하지 않았습니다.",
            "en": f"{english} Written by examples/training/make_people.py with seed {SEED}; no person wrote it.",
        },
    }


def names(rows: tuple[tuple[str, str, str], ...]) -> list[dict[str, object]]:
    """Each row as an id with its Korean and English name."""
    return [
        {"id": id_, "name": {"ko": korean, "en": english}}
        for id_, korean, english in rows
    ]


def mark(mean: float, spread: float, rng: np.random.Generator) -> int:
    """A whole mark drawn around the mean and kept on the scale."""
    return int(np.clip(np.rint(rng.normal(mean, spread)), LOWEST, HIGHEST))


def panel(rng: np.random.Generator) -> dict[str, object]:
    """Ten experts and a sheet for every team an expert may judge."""
    experts = [f"e{number:02d}" for number in range(1, EXPERTS + 1)]
    severity = rng.normal(0.0, 0.5, size=EXPERTS)
    sheets = [
        {
            "expert": expert,
            "team": team,
            "scores": {
                id_: mark(quality + strictness, 0.8, rng) for id_, *_ in CRITERIA
            },
        }
        for expert, strictness in zip(experts, severity, strict=True)
        for team, (quality, _) in QUALITY.items()
        if team not in CONFLICTS.get(expert, [])
    ]
    return {
        **note("전문가 10명의 채점표입니다.", "The sheets of ten experts."),
        "criteria": [
            {
                "id": row["id"],
                "max": HIGHEST,
                "name": row["name"],
                "anchors": [
                    {"score": score, "text": {"ko": korean, "en": english}}
                    for score, korean, english in ANCHORS[str(row["id"])]
                ],
            }
            for row in names(CRITERIA)
        ],
        "experts": [
            {"id": expert, "conflicts": CONFLICTS.get(expert, [])} for expert in experts
        ],
        "sheets": sheets,
    }


def ballots(rng: np.random.Generator) -> dict[str, object]:
    """Forty-nine users, each with a ballot for every team."""
    generosity = rng.normal(0.0, 0.7, size=USERS)
    rows = [
        {
            "user": f"u{number:02d}",
            "team": team,
            "answers": {id_: mark(quality + mood, 1.3, rng) for id_, *_ in QUESTIONS},
        }
        for number, mood in enumerate(generosity, start=1)
        for team, (_, quality) in QUALITY.items()
    ]
    return {
        **note("사용자 49명의 평가표입니다.", "The ballots of 49 users."),
        "scale": {"min": LOWEST, "max": HIGHEST},
        "questions": names(QUESTIONS),
        "ballots": rows,
    }


def replies() -> dict[str, object]:
    """What 갈바람재 answers once the finding on its vision encoder has been put to it."""
    return {
        **note("참가팀의 소명입니다.", "A team's reply."),
        "replies": [
            {
                "team": "galbaramjae",
                "component": "vision_encoder",
                "at": "2026-03-09T05:00:00Z",
                "text": {
                    "ko": "비전 인코더는 언제든 다른 것으로 바꿀 수 있는 부품입니다. "
                    "우리 팀은 이 부품을 자체적으로 추가 학습했으며, 모델의 핵심인 디코더는 처음부터 직접 학습했습니다.",
                    "en": "The vision encoder is a part that can be replaced at any time. We trained it further "
                    "ourselves, and the decoder, which is the heart of the model, we trained from the start.",
                },
            }
        ],
    }


def main() -> None:
    """Writes panel.json, ballots.json and replies.json."""
    STAGE.mkdir(parents=True, exist_ok=True)
    write_json(STAGE / "panel.json", panel(np.random.Generator(np.random.Philox(SEED))))
    write_json(
        STAGE / "ballots.json", ballots(np.random.Generator(np.random.Philox(SEED + 1)))
    )
    write_json(STAGE / "replies.json", replies())


if __name__ == "__main__":
    main()
