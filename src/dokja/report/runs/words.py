"""Words of the pages on runs."""

from __future__ import annotations

from dokja.benchmark.values import (
    AnswerRule,
    AnswerRuleKind,
    FaultCause,
    SampleStatus,
    Scoring,
)
from dokja.evidence.values import Text

SCORING: dict[Scoring, Text] = {
    Scoring.CHOICES: Text(
        "모델이 가장 그럴듯하다고 본 보기를 정답과 견줍니다. 모델은 아무것도 쓰지 "
        "않습니다.",
        "The choice the model finds likeliest is held against the right one; the "
        "model writes nothing.",
    ),
    Scoring.LETTER: Text(
        "모델이 쓴 답에서 고른 보기의 글자를 읽어 정답과 견줍니다.",
        "The letter of the choice is read from the written answer.",
    ),
    Scoring.EXACT: Text(
        "모델이 쓴 답이 정답과 같은지 봅니다.",
        "The written answer has to be the target.",
    ),
    Scoring.NUMBER: Text(
        "모델이 마지막으로 쓴 수가 정답과 같은지 봅니다.",
        "The last number written has to be the target.",
    ),
    Scoring.RULES: Text(
        "모델이 쓴 답이 문항의 규칙을 모두 지켰는지 봅니다.",
        "The written answer has to keep every rule of the item.",
    ),
    Scoring.CODE: Text(
        "모델이 쓴 프로그램이 문항의 시험을 통과하는지 봅니다.",
        "The written program has to pass the item's tests.",
    ),
    Scoring.JUDGE: Text(
        "채점 모델이 쓴 답에 0에서 1까지 점수를 줍니다.",
        "A judge model gives the written answer 0 to 1.",
    ),
}
"""How an answer becomes a score, for the head of a suite."""

STATUS: dict[SampleStatus, Text] = {
    SampleStatus.SCORED: Text("채점됨", "scored"),
    SampleStatus.ERROR: Text("오류", "error"),
    SampleStatus.MISSING: Text("답 없음", "missing"),
    SampleStatus.NOT_RUN: Text("실행하지 않음", "not run"),
}
CAUSE: dict[FaultCause, Text] = {
    FaultCause.MODEL: Text("모델의 잘못", "the model's fault"),
    FaultCause.INFRASTRUCTURE: Text("시설의 잘못", "fault of a machine or a network"),
    FaultCause.SUITE: Text("평가 묶음의 잘못", "fault of the suite"),
}
NO_CAUSE = Text("원인이 기록되지 않음", "no cause recorded")

RULES: dict[AnswerRuleKind, Text] = {
    AnswerRuleKind.WORDS_AT_LEAST: Text("{number}어절 이상", "at least {number} words"),
    AnswerRuleKind.WORDS_AT_MOST: Text("{number}어절 이하", "at most {number} words"),
    AnswerRuleKind.INCLUDES: Text("‘{text}’ 포함", "contains “{text}”"),
    AnswerRuleKind.JSON_ONLY: Text("JSON만", "JSON and nothing else"),
    AnswerRuleKind.NO_COMMAS: Text("쉼표 없음", "no commas"),
    AnswerRuleKind.KOREAN_ONLY: Text("한글만", "no letters but Hangul"),
    AnswerRuleKind.SENTENCES: Text("정확히 {number}문장", "exactly {number} sentences"),
    AnswerRuleKind.ENDS_WITH: Text("‘{text}’로 끝맺음", "ends with “{text}”"),
}

STANDING: dict[str, Text] = {
    "right": Text("정답", "right"),
    "partly": Text("일부 정답", "partly right"),
    "wrong": Text("오답", "wrong"),
    "unscored": Text("점수 없음", "no score"),
}
"""How an item went, over all its repeats."""

AGAINST_CHANCE: dict[str, Text] = {
    "above": Text("우연 수준보다 높음", "Better than guessing"),
    "same": Text("우연 수준과 구별되지 않음", "Not told apart from guessing"),
    "below": Text("우연 수준보다 낮음", "Worse than guessing"),
}

SHOWS = (
    Text(
        "얼린 평가 묶음의 모든 문항에 이 모델이 무엇이라고 답했고 그 답이 몇 점인지 "
        "보여 줍니다.",
        "What this model answered to every item of a frozen suite, and what each "
        "answer scores.",
    ),
    Text(
        "점수가 얼마나 확실한지를, 함께 맞고 틀리기 쉬운 문항을 헤아려 보여 줍니다.",
        "How sure the score is, knowing which items stand or fall together.",
    ),
    Text(
        "점수가 없는 답을 이유와 함께 보여 줍니다. 0점으로 치지도 빼지도 않습니다.",
        "Every answer without a score, with its reason; none is a 0 and none dropped.",
    ),
)
DOES_NOT_SHOW = (
    Text(
        "이 문항들과 다른 일을 얼마나 잘하는지는 알 수 없습니다.",
        "How well the model does anything unlike these items.",
    ),
    Text(
        "모델이 문항을 학습 중에 보았는지는 알 수 없습니다.",
        "Whether the model met the items while it was trained.",
    ),
    Text(
        "95% 구간은 같은 종류의 다른 문항에 대한 것이며, 다른 질문 방식에 대한 것이 "
        "아닙니다.",
        "What another way of asking would give: the interval is about other items of "
        "this kind.",
    ),
)
PAIR_SHOWS = (
    Text(
        "두 모델이 같은 문항에서 얼마나 달랐는지를, 문항마다 짝을 지어 보여 줍니다.",
        "How far two models differ on the same items, paired item by item.",
    ),
    Text(
        "그 차이가 우연으로도 나올 만한지를, 함께 비교한 평가 묶음의 수를 헤아려 "
        "보여 줍니다.",
        "Whether chance could bring such a difference, corrected for the number of "
        "suites compared.",
    ),
    Text(
        "구별되지 않을 때, 같은 종류의 문항이 몇 개 더 필요한지 보여 줍니다.",
        "Where they are not told apart, how many items like these it would take.",
    ),
)
PAIR_DOES_NOT_SHOW = (
    Text(
        "구별되지 않는다고 해서 두 모델이 같다는 뜻은 아닙니다.",
        "That two models which are not told apart are equal.",
    ),
    *DOES_NOT_SHOW[:2],
)


def rule_words(rule: AnswerRule) -> Text:
    """What the rule asks of an answer."""
    words = RULES[rule.kind]
    return Text(
        words.ko.format(number=rule.number, text=rule.text),
        words.en.format(number=rule.number, text=rule.text),
    )
