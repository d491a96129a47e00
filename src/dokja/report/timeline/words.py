"""How chapters, results and confidence are called on the timeline page."""

from __future__ import annotations

from dokja.evidence.values import Text
from dokja.replay.values import Status
from dokja.replay.whole.results import Chapter, StepResult

CHAPTER: dict[Chapter, Text] = {
    Chapter.CALLS: Text("공모", "Calls"),
    Chapter.SCHEDULE: Text("일정", "Dates"),
    Chapter.SUPPORT: Text("GPU 지원", "GPUs"),
    Chapter.MONEY: Text("예산", "Money"),
    Chapter.EVALUATION: Text("단계평가", "Evaluation"),
    Chapter.AFTER: Text("결정 이후", "After the decision"),
}

RESULT: dict[StepResult, Text] = {
    StepResult.REPRODUCED: Text("재현됨", "Reproduced"),
    StepResult.DIFFERS: Text("다름", "Differs"),
    StepResult.UNKNOWN: Text("알 수 없음", "Unknown"),
}

MEANING: dict[StepResult, Text] = {
    StepResult.REPRODUCED: Text(
        "Dokja의 행위가 공개된 내용에 이른다.",
        "Dokja's own act leads to what was published.",
    ),
    StepResult.DIFFERS: Text(
        "공개된 내용이 규정이나 다른 공개 내용과 다르다.",
        "What was published departs from a rule, or from another publication.",
    ),
    StepResult.UNKNOWN: Text(
        "행위에 필요한 것이 공개되지 않아 비워 둔다.",
        "The act needs what nobody published, and it stays open.",
    ),
}

STATUS: dict[Status, Text] = {
    Status.CERTAIN: Text("여러 출처가 일치", "sources agree"),
    Status.REPORTED: Text("보도 한 건", "one page"),
    Status.INFERRED: Text("우리의 해석", "our reading"),
}
