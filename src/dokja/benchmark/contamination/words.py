"""What each contamination test shows, what it does not, and what follows."""

from __future__ import annotations

from dokja.benchmark.contamination.values import ContaminationReading, ContaminationTest
from dokja.evidence.values import Text

SHOWS = {
    ContaminationTest.TWIN: Text(
        ko="공개 문항과 새로 쓴 쌍둥이 문항의 점수 차이가 비교 기준 모델들의 같은 "
        "차이보다 얼마나 큰지 보여 줌",
        en="By how much the team's lead on public items over freshly written twins "
        "exceeds the same lead of the reference models.",
    ),
    ContaminationTest.ORDER: Text(
        ko="모델이 문항을 공개된 순서대로 읽을 때, 섞은 순서로 읽을 때보다 더 높은 "
        "확률을 매기는지 보여 줌",
        en="Whether the model finds the items likelier in the order they were "
        "published in than in shuffled orders.",
    ),
    ContaminationTest.OVERLAP: Text(
        ko="제출된 학습 자료에 같은 문장이 들어 있는 문항을 빼면 점수가 얼마나 "
        "달라지는지 보여 줌",
        en="By how much the score changes without the items whose wording recurs in "
        "the training text that was handed in.",
    ),
    ContaminationTest.MIN_K: Text(
        ko="같은 문항의 원문과 바꿔 쓴 글 가운데 원문을 모델이 얼마나 더 "
        "익숙해하는지 보여 줌",
        en="How much more familiar the model finds the original wording of an item "
        "than a paraphrase of it.",
    ),
}

DOES_NOT_SHOW = {
    ContaminationTest.TWIN: Text(
        ko="고의였는지, 어떤 경로로 들어갔는지는 보여 주지 않음. 쌍둥이 문항의 "
        "난이도가 이 팀에만 다르게 작용했을 가능성은 남음",
        en="Neither intent nor the way the items got in. Twins that are harder for "
        "this team alone would look the same.",
    ),
    ContaminationTest.ORDER: Text(
        ko="점수가 올랐는지는 보여 주지 않음. 문항 순서가 원래 흐름을 가진 "
        "경우(난이도순, 주제순)에는 학습하지 않은 모델도 같은 결과를 낼 수 있음",
        en="Not whether the score rose. Items in an order with a thread of its own "
        "(by difficulty, by subject) look the same to a model that never saw them.",
    ),
    ContaminationTest.OVERLAP: Text(
        ko="자료에 있었다고 해서 외웠다는 뜻은 아니며, 바꿔 쓰거나 번역한 문항과 "
        "제출되지 않은 자료는 찾지 못함",
        en="Presence is not memory. Paraphrased or translated items, and text that was "
        "not handed in, are not found.",
    ),
    ContaminationTest.MIN_K: Text(
        ko="원문은 사람이 다듬은 글이어서 본 적 없는 모델에도 더 익숙할 수 있음. "
        "단독으로는 아무것도 뒷받침하지 못함",
        en="An original is often smoother than its paraphrase, also to a model that "
        "never saw it. Alone it supports nothing.",
    ),
}

FOLLOWS = {
    ContaminationReading.REFER: Text(
        ko="사람이 확인해야 함. 팀에 소명을 요청하고 새로 쓴 비공개 문항으로 다시 "
        "측정할 것. 이 결과만으로 탈락시키지 않음",
        en="People have to look: ask the team, and measure again on freshly written "
        "private items. This result alone removes nobody.",
    ),
    ContaminationReading.SUPPORTING: Text(
        ko="쌍둥이 문항 시험을 뒷받침하는 참고 자료이며, 이 결과만으로는 조치하지 않음",
        en="Supports a twin test; nothing follows from this result alone.",
    ),
    ContaminationReading.NO_EVIDENCE: Text(
        ko="이 시험으로는 증거가 나오지 않음. 오염이 없다는 증명은 아님",
        en="This test gives no evidence; that is not a proof that nothing leaked.",
    ),
    ContaminationReading.UNTESTABLE: Text(
        ko="이 시험은 결론을 낼 수 없음. 다른 시험의 결과로 볼 것",
        en="This test cannot conclude here; look to the others.",
    ),
}

PUBLIC = Text(ko="공개 문항", en="public items")
FRESH_TWINS = Text(ko="새로 쓴 쌍둥이 문항", en="fresh twins")
ALL_TESTED = Text(ko="대조한 모든 문항", en="all items searched for")
WITHOUT_FLAGGED = Text(
    ko="학습 자료에 있는 문항을 뺀 나머지", en="items not found in the training text"
)
ORIGINALS = Text(ko="원문", en="originals")
PARAPHRASES = Text(ko="바꿔 쓴 글", en="paraphrases")

FEW_REFERENCES = Text(
    ko="비교 기준 모델이 3개 미만이어서 모델 사이의 정상적인 차이를 알 수 없음",
    en="Fewer than three reference models: how much models differ innocently is "
    "unknown.",
)
LIKE_REFERENCES = Text(
    ko="비교 기준 모델들의 차이가 모두 같아 모델 사이의 정상적인 차이를 알 수 없음",
    en="The reference models all show the same gap: how much models differ "
    "innocently is unknown.",
)
NO_VARIATION = Text(
    ko="문항 묶음이 부족하거나 문항 사이에 차이가 없어 오차를 알 수 없음",
    en="Too few clusters, or no item differs from another: no error can be seen.",
)
NOTHING_FLAGGED = Text(
    ko="학습 자료에서 발견된 문항과 발견되지 않은 문항 가운데 한쪽이 없어 비교할 수 "
    "없음",
    en="There are no items to compare: all of those searched for were found in the "
    "training text, or none.",
)
FEW_ORDERS = Text(
    ko="섞은 순서의 수가 적어 어떤 결과가 나와도 기준에 이를 수 없음",
    en="So few shuffled orders that no outcome could reach the level.",
)
