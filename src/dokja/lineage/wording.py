"""What a lineage report says in words, in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from dokja.evidence.values import Text
from dokja.lineage.values import LineageVerdict


def reason_for(verdict: LineageVerdict) -> Text:
    """What the verdict rests on, in one sentence."""
    return _REASONS[verdict]


def untestable_reason(fact: Text) -> Text:
    """Why the component could not be judged, with the fact as measured."""
    return Text(
        ko=f"이 판의 검사로는 비교할 수 없음: {fact.ko}",
        en=f"The tests of this version cannot compare the two: {fact.en}.",
    )


CANDIDATE = Text(ko="후보", en="candidate")
REFERENCE = Text(ko="참조 모델", en="reference")
SIDES = (CANDIDATE, REFERENCE)
NO_EQUAL_SHAPE = Text(
    ko="두 모델에 모양이 같은 텐서가 없음",
    en="no tensor has the same shape in both models",
)


def no_known_role(side: Text) -> Text:
    """The fact that a side's tensor names are all unknown."""
    return Text(
        ko=f"{side.ko}에 이 판이 역할을 아는 텐서가 없음",
        en=f"no tensor of the {side.en} has a role this version knows",
    )


def second_of_a_kind(kind: str) -> Text:
    """The fact that which of two components a program loads is unknown."""
    return Text(
        ko=f"후보에 두 가지 이름 체계의 {kind}가 있어 어느 쪽이 쓰이는지 알 수 없음",
        en=f"the candidate holds a {kind} under the names of two families, and "
        "which of them is used does not show",
    )


def no_single_width(side: Text) -> Text:
    """The fact that a side's tensors contradict each other."""
    return Text(
        ko=f"{side.ko}의 텐서들이 잔차 기저의 폭에서 서로 어긋남",
        en=f"tensors of the {side.en} disagree on the residual stream's width",
    )


def other_width(candidate: int | None, reference: int | None) -> Text:
    """The fact that the models differ in width."""
    return Text(
        ko=f"잔차 기저의 폭이 다름: 후보 {candidate}, 참조 모델 {reference}",
        en=f"the residual streams differ in width: {candidate} in the candidate, "
        f"{reference} in the reference",
    )


def no_tokenizer(side: Text) -> Text:
    """The fact that a side's token rows have no names."""
    return Text(
        ko=f"{side.ko}에 tokenizer.json이 없어 토큰 행을 맞출 수 없음",
        en=f"the {side.en} has no tokenizer.json, so token rows cannot be matched",
    )


def no_anchors(side: Text) -> Text:
    """The fact that a side's MLPs and token tables do not meet in one width."""
    return Text(
        ko=f"{side.ko}의 토큰 표가 없거나 그 폭이 MLP와 다름",
        en=f"the {side.en} has no token table of the width of its MLPs",
    )


def no_stem(side: Text) -> Text:
    """The fact that a side's entry from pixels or mel bands cannot be read."""
    return Text(
        ko=f"{side.ko}에 화소나 멜 대역에서 들어오는 첫 층을 알 수 없음",
        en=f"the {side.en} has no known entry from pixels or mel bands",
    )


def other_stem(candidate: int, reference: int) -> Text:
    """The fact that the axes of the two entries do not correspond."""
    return Text(
        ko=f"입력 축의 수가 다름: 후보 {candidate}, 참조 모델 {reference}",
        en=f"the entries differ in axes: {candidate} in the candidate, {reference} in "
        "the reference",
    )


def few_axes(found: int, *, needed: int) -> Text:
    """The fact that an encoder's entry has too few axes to tell units apart."""
    return Text(
        ko=f"입력 축이 {found}개이며 {needed}개가 필요함",
        en=f"the entry has {found} axes and {needed} are needed",
    )


NO_VIEWS = Text(
    ko="두 모델에 함께 뷰가 둘 이상인 MLP가 없음",
    en="the models have no MLPs with two views of a unit in common",
)
UNITS_DIFFER = Text(
    ko="두 모델의 MLP 은닉 유닛 수가 다름",
    en="The MLPs differ in their number of hidden units.",
)
HEADS_DIFFER = Text(
    ko="어텐션 헤드의 수나 크기를 알 수 없거나, 두 모델에서 다르거나, 너무 작음",
    en="The attention heads are of unknown or unequal number or size, or too small.",
)
CHANNELS_DIFFER = Text(
    ko="두 모델의 잔차 기저 폭이 다름",
    en="The residual streams differ in width.",
)
ROWS_DIFFER = Text(
    ko="두 모델에 모양이 같은 어텐션 텐서가 없거나 채널이 너무 적음",
    en="No attention tensor has the same shape in both, or channels are too few.",
)
BLIND = Text(
    ko="이 크기에서는 파생이 확실한 대조군도 발견되지 않음",
    en="no test finds even a known descendant of this size",
)


def little_tested(share: float, *, needed: float) -> Text:
    """The fact that too small a part of a component could be tested."""
    return Text(
        ko=f"매개변수의 {share:.0%}만 검사할 수 있었으며 {needed:.0%}가 필요함",
        en=f"only {share:.0%} of the component's parameters could be tested and "
        f"{needed:.0%} are needed",
    )


def sentence(fact: Text) -> Text:
    """The fact as a sentence of its own."""
    return Text(ko=fact.ko, en=f"{fact.en[0].upper()}{fact.en[1:]}.")


def seen_through_anchors(found: int, layers: int) -> Text:
    """What `refer` rests on where only the anchored agreement stands out."""
    return Text(
        ko=f"입력(토큰 문자열, 화소, 멜 대역)에 대한 반응으로 보면 {layers}개 층 "
        f"가운데 {found}개 층의 은닉 유닛이 참조 모델의 유닛과 짝을 이룸. 폭을 "
        "바꾸거나 회전·재배열한 사본에서 보이는 모습이나 p값이 없는 검사이므로 "
        "전문가 검토가 필요함",
        en="Judged by what they answer to the input (token strings, pixels, mel "
        f"bands), the hidden units of {found} of {layers} layers pair up with the "
        "reference's, as in a copy that was rotated, reordered or given another "
        "width. The test has no p-value, so experts have to look.",
    )


SEEN_THROUGH_PRODUCTS = Text(
    ko="기저를 가리지 않고 토큰 행끼리의 내적으로 보면, 모델이 공유하는 주요 방향을 "
    "덜어 낸 뒤에도 두 표가 서로 맞음. 회전·재배열하거나 폭을 바꾼 사본에서 보이는 "
    "모습이나, 같은 시드에서 출발한 모델이나 같은 글로 매우 오래 학습한 모델에서도 "
    "나타날 수 있고 p값이 없는 검사이므로 전문가가 초기화와 학습 기록을 확인하여야 함",
    en="Judged by products of token rows, which no basis changes, the tables "
    "correspond even without the leading directions that models share, as in a copy "
    "that was rotated, reordered or given another width. Models that start from one "
    "seed, or train very long on the same text, can look so too, and the test has no "
    "p-value: experts have to look at the records of initialisation and training.",
)


def common_start(leading: float, rest: float) -> Text:
    """What `refer` rests on where a common start explains the match."""
    return Text(
        ko="가중치가 제자리에서 일치하나, 학습이 만든 주요 방향은 "
        f"{leading:.0%}만, 나머지는 {rest:.0%}가 유지됨. 같은 도구의 같은 시드에서 "
        "출발하여 따로 학습한 두 모델에서 보이는 모습이며 복제의 근거가 되지 못함. "
        "초기화 기록을 전문가가 확인하여야 함",
        en="The weights match in place, but of the leading directions, which training "
        f"makes, {leading:.0%} are kept and of the rest {rest:.0%}: as in two models "
        "that one tool initialised from one seed and that were then trained apart. "
        "This does not show a copy; experts have to look at the records of "
        "initialisation.",
    )


NO_TRAINING = Text(
    ko="가중치가 제자리에서 일치하나 두 모델의 행렬 어디에도 학습의 흔적이 초기화 잡음 "
    "위로 드러나지 않음. 같은 시드로 초기화한 모델도 이와 같으므로 복제의 근거가 되지 "
    "못함. 초기화 기록을 전문가가 확인하여야 함",
    en="The weights match in place, but in neither model does training stand out from "
    "the noise of initialisation. Models initialised from one seed look the same, so "
    "this does not show a copy; experts have to look at the records of initialisation.",
)


def not_cleared(fact: Text) -> Text:
    """The fact that stops most tests, where the others showed nothing."""
    return Text(
        ko=f"{fact.ko}. 폭이 달라도 볼 수 있는 검사에서는 아무것도 발견되지 않았으나 "
        "그것만으로 혐의를 벗지는 못함",
        en=f"{fact.en}; the tests that see across it found nothing, which alone clears "
        "nobody",
    )


def few_shared_tokens(shared: int, *, needed: int) -> Text:
    """The fact that too few token strings stand in both vocabularies."""
    return Text(
        ko=f"두 어휘에 함께 있는 토큰이 {shared}개이며 {needed}개가 필요함",
        en=f"the vocabularies share {shared} token strings and {needed} are needed",
    )


def limits(only_one_side: Sequence[str]) -> Text:
    """What a report does and does not show, with the components left aside."""
    if not only_one_side:
        return _LIMITS
    names = ", ".join(only_one_side)
    return Text(
        ko=f"{_LIMITS.ko} 한쪽에만 있어 비교하지 않은 구성요소: {names}.",
        en=f"{_LIMITS.en} Not compared, as only one side has it: {names}.",
    )


_REASONS = {
    LineageVerdict.IDENTICAL: Text(
        ko="검사한 모든 텐서가 참조 모델과 바이트까지 같음",
        en="Every tensor that was tested equals the reference's byte for byte.",
    ),
    LineageVerdict.DERIVED: Text(
        ko="서로 다른 두 부분에서 각각, 우연이나 대조군으로 설명되지 않는 "
        "참조 모델의 가중치가 확인됨",
        en="Two separate parts each hold the reference's weights, beyond chance "
        "and beyond every control.",
    ),
    LineageVerdict.PARTIAL: Text(
        ko="일부 층에서만 참조 모델의 가중치가 확인됨(층 대응표 참조)",
        en="Some layers hold the reference's weights and others do not; see the "
        "layer map.",
    ),
    LineageVerdict.REFER: Text(
        ko="우연으로 보기 어려운 일치가 있으나 판정 요건을 채우지 못하여 "
        "전문가 검토가 필요함",
        en="There is a match that chance hardly explains, but not enough for a "
        "finding: experts have to look.",
    ),
    LineageVerdict.NO_EVIDENCE: Text(
        ko="검출 한계 안에서 참조 모델의 가중치가 발견되지 않음"
        "(독자 학습의 증명은 아님)",
        en="No trace of the reference's weights down to the detection limit; this "
        "does not prove independent training.",
    ),
    LineageVerdict.UNTESTABLE: Text(
        ko="이 판의 검사로는 비교할 수 없음",
        en="The tests of this version cannot compare the two.",
    ),
}

_LIMITS = Text(
    ko="가중치의 출발점이 같은지를 검사한다. 발견되지 않았다는 결과가 독자 학습을 "
    "증명하지는 않으며, 일치하더라도 어느 모델이 먼저인지는 알 수 없다. 회전·재배열한 "
    "사본과 폭을 바꾼 사본은 은닉 유닛의 순서를 그대로 두었거나, 두 모델이 토큰 "
    "문자열 또는 입력 축을 공유할 때에 보인다. 은닉 유닛까지 재배열하고 임베딩도 "
    "바꾼 사본, 출력만 보고 배운 모델(증류)은 이 판의 검사로 가려낼 수 없다. 같은 "
    "시드에서 출발하여 따로 학습한 두 모델은 복제하지 않아도 일치하며, 학습이 만든 "
    "부분까지 같지 않으면 전문가 검토에 그친다.",
    en="The tests ask whether weights have a common start. Finding nothing does not "
    "prove independent training, and a match does not tell which model came first. "
    "Copies that were rotated, reordered or given another width are seen where their "
    "hidden units kept their order, or where both models share token strings or "
    "input axes. Copies with hidden units reordered, rotated and given new "
    "embeddings, and models that only learned from the other's output "
    "(distillation), are out of this version's reach. Two models that start from one "
    "seed and are trained apart match without copying: unless what training made is "
    "shared too, the match goes to experts and no further.",
)
