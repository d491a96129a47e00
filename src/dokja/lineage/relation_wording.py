"""What a relation rests on, in both languages. No sentence says which came first."""

from __future__ import annotations

from dokja.evidence.values import Text
from dokja.lineage.wording import SIDES

FIRST_UNKNOWN = Text(
    ko="어느 쪽이 먼저인지는 가중치로 알 수 없음",
    en="Which of the two came first, weights do not tell.",
)


def undirected(fact: Text) -> Text:
    """The sentence with the reminder that weights have no direction."""
    return Text(ko=f"{fact.ko}. {FIRST_UNKNOWN.ko}", en=f"{fact.en} {FIRST_UNKNOWN.en}")


IDENTICAL = Text(
    ko="검사한 모든 텐서의 바이트가 같음",
    en="Every tensor that was tested is equal in its bytes.",
)
SAME_VALUES = undirected(
    Text(
        ko="표본 텐서의 모든 값이 같으며, 다른 것은 저장 형식(부동소수점의 정밀도)뿐임",
        en="Every value of the sampled tensors is the same; only the floating-point "
        "type they are stored in differs.",
    )
)


def in_another_basis(seen: float, low: float, in_place: float | None) -> Text:
    """What a hidden copy rests on."""
    direct = 0.0 if in_place is None else in_place
    return undirected(
        Text(
            ko=f"제자리에서는 {_percent(direct)}만 설명되나, 은닉 유닛·헤드의 순서와 "
            f"잔차 기저·크기를 맞추어 보면 {_percent(seen)}(95 % 구간 하한 "
            f"{_percent(low)})가 설명됨. 재배열·회전·크기 조정으로 모습만 바꾼 "
            "사본에서 보이는 모습임",
            en=f"In place {_percent(direct)} is explained, yet {_percent(seen)} (lower "
            f"95 % limit {_percent(low)}) once units and heads are matched and basis "
            "and scale are set aside: as in a copy that was reordered, rotated or "
            "rescaled and not changed otherwise.",
        )
    )


def on_a_grid(side: int, levels: float | None, fact: Text) -> Text:
    """What rounding to few bits rests on; `side` is the one on the grid."""
    if levels is None:
        grid = Text(
            ko="값의 가짓수가 적은 형식의 값임",
            en="few distinct values, as types of few bits have",
        )
    else:
        grid = Text(
            ko=f"묶음마다 간격이 일정한 약 {levels:.0f}개 값의 격자 위에 있음",
            en=f"evenly spaced values, about {levels:.0f} to a group",
        )
    named = SIDES[side]
    return undirected(
        Text(
            ko=f"{named.ko}의 가중치만 {grid.ko}. {fact.ko}",
            en=f"Only the {named.en}'s weights lie on {grid.en}. {fact.en}",
        )
    )


def rounded_by(steps: float) -> Text:
    """The fact that rounding explains all that differs."""
    return Text(
        ko=f"두 모델의 차이는 격자 간격의 {steps:.2f}배로, 반올림만 하여도 생기는 "
        "크기임(0.29배)",
        en=f"The two differ by {steps:.2f} of its steps, as rounding alone makes them "
        "(0.29).",
    )


def all_but_rounding(share: float) -> Text:
    """The fact that next to nothing is left to explain."""
    return Text(
        ko=f"가중치의 {_percent(share)}가 설명되어 반올림 밖의 차이가 거의 없음",
        en=f"{_percent(share)} of the weights is explained, so little but rounding "
        "is left.",
    )


def rounded_and_moved(side: int, steps: float | None, share: float) -> Text:
    """Why a model on a grid is not called quantised."""
    named = SIDES[side]
    apart = Text(ko="", en="") if steps is None else Text(
        ko=f", 격자 간격의 {steps:.1f}배", en=f", or {steps:.1f} steps of the grid"
    )  # fmt: skip
    return Text(
        ko=f"{named.ko}의 가중치만 적은 비트의 격자 위에 있으나, 차이(설명 비율 "
        f"{_percent(share)}{apart.ko})가 반올림보다 커 다른 변화가 함께 있음. 그것이 "
        "무엇인지는 가중치로 알 수 없음",
        en=f"Only the {named.en}'s weights lie on a grid of few bits, but the two "
        "differ "
        f"by more than rounding ({_percent(share)} explained{apart.en}): something "
        "else "
        "was done as well, and weights do not tell what.",
    )


def zeros(shares: tuple[float, float]) -> Text:
    """What a pruning of single weights rests on: zeros that one side alone has."""
    return undirected(
        Text(
            ko=f"표본 텐서의 값 가운데 정확히 0인 것이 후보 {shares[0]:.0%}, 참조 모델 "
            f"{shares[1]:.0%}이며, 나머지는 참조 모델의 가중치와 일치함",
            en=f"Of the sampled weights {shares[0]:.0%} are exactly zero in the "
            f"candidate and {shares[1]:.0%} in the reference; the others match.",
        )
    )


def cut(small: float, others: float) -> Text:
    """What a pruning that was trained over rests on: the smallest are not kept."""
    return undirected(
        Text(
            ko=f"참조 모델에서 절댓값이 작은 4분의 1의 가중치는 {small:.0%}만, "
            "나머지는 "
            f"{others:.0%}가 유지됨. 작은 가중치를 0으로 만든 뒤 다시 학습한 모델에서 "
            "보이는 모습임",
            en=f"Of the reference's smallest quarter of weights {small:.0%} is kept, "
            "of "
            f"the others {others:.0%}: as where small weights were set to zero and "
            "training went on.",
        )
    )


def narrower(what: Text, mine: int, theirs: int) -> Text:
    """What a pruning of whole units or channels rests on."""
    return undirected(
        Text(
            ko=f"{what.ko}의 수가 후보 {mine}개, 참조 모델 {theirs}개이며, 후보의 것은 "
            "참조 모델에서 짝을 찾음",
            en=f"The candidate has {mine} {what.en} and the reference {theirs}; those "
            "of the candidate find their partners in the reference.",
        )
    )


def wider(what: Text, mine: int, theirs: int) -> Text:
    """Why a candidate that is the larger one gets no word."""
    return Text(
        ko=f"{what.ko}의 수가 후보 {mine}개, 참조 모델 {theirs}개로 후보가 더 큼. "
        "넓힌 것인지, 참조 모델이 후보에서 덜어낸 것인지 가중치로 알 수 없음",
        en=f"The candidate has {mine} {what.en} and the reference {theirs}: whether "
        "the "
        "candidate was widened or the reference cut down, weights do not tell.",
    )


def other_counts(what: Text, mine: int, theirs: int) -> Text:
    """Why another number of heads or experts gets no word."""
    return Text(
        ko=f"{what.ko}의 수가 후보 {mine}개, 참조 모델 {theirs}개로 다름. 평균을 낸 "
        "것인지, 덜어내거나 복제한 것인지 가중치로 알 수 없음",
        en=f"The candidate has {mine} {what.en} and the reference {theirs}: whether "
        "they "
        "were averaged, cut or multiplied, weights do not tell.",
    )


UNITS = Text(ko="은닉 유닛", en="hidden units a layer")
CHANNELS = Text(ko="잔차 채널", en="residual channels")
KEY_ROWS = Text(ko="키 헤드의 행", en="rows of key heads")
EXPERTS = Text(ko="전문가", en="experts a layer")


def low_rank(rank: int, side: int, tables: int, of: int) -> Text:
    """What fine-tuning by low-rank matrices rests on."""
    return undirected(
        Text(
            ko=f"바뀐 표본 행렬 {tables}개(전체 {of}개)에서 두 모델의 차이가 저장할 "
            "때의 "
            f"반올림을 빼면 최대 {rank}개 방향(짧은 변 {side})에 그침. 저계수 행렬로 "
            "미세조정(LoRA)한 모델에서 보이는 모습임",
            en=f"In the {tables} sampled matrices that differ, of {of}, the difference "
            f"has at most {rank} directions, of {side} possible in the smallest, "
            "beyond "
            "rounding in storage: as low-rank fine-tuning (LoRA) leaves it.",
        )
    )


def moved_little(share: float, line: float) -> Text:
    """What fine-tuning rests on: how little the weights moved."""
    return undirected(
        Text(
            ko=f"가중치의 {_percent(share)}가 설명됨(미세조정으로 보는 선 {line:.0%}). "
            "미세조정과 이어서 한 사전학습의 차이는 정도의 차이임",
            en=f"{_percent(share)} of the weights is explained, and {line:.0%} or more "
            "counts as fine-tuning; from continued pre-training it differs in degree.",
        )
    )


def moved_far(share: float, line: float) -> Text:
    """What continued pre-training rests on: how far the weights moved."""
    return undirected(
        Text(
            ko=f"가중치의 {_percent(share)}만 설명됨(이어서 한 사전학습으로 보는 선 "
            f"{line:.0%} 이하). 미세조정과의 차이는 정도의 차이임",
            en=f"{_percent(share)} of the weights is explained, and {line:.0%} or less "
            "counts as continued pre-training; from fine-tuning it differs in degree.",
        )
    )


def between(share: float, low: float, high: float) -> Text:
    """Why a share between the two lines gets no word."""
    return Text(
        ko=f"가중치의 {_percent(share)}가 설명됨. {low:.0%}와 {high:.0%} 사이에서는 "
        "미세조정과 이어서 한 사전학습을 가중치로 가려낼 수 없음",
        en=f"{_percent(share)} of the weights is explained; between {low:.0%} and "
        f"{high:.0%} weights do not tell fine-tuning from continued pre-training.",
    )


def moved_and_hidden(share: float) -> Text:
    """Why weights that moved in another basis get no word."""
    return Text(
        ko="재배열·회전·크기 조정된 데다 가중치도 움직임(짝을 맞춘 뒤 "
        f"{_percent(share)} 설명). 이 비율로는 미세조정과 이어서 한 사전학습을 가릴 수 "
        "없음",
        en="Reordered, rotated or rescaled, and moved as well: once matched, "
        f"{_percent(share)} is explained, which does not tell fine-tuning from "
        "continued "
        "pre-training.",
    )


def moved_little_and_hidden(share: float, line: float) -> Text:
    """What fine-tuning rests on where order, basis or scale changed as well."""
    return undirected(
        Text(
            ko="재배열·회전·크기 조정되었으며, 짝을 맞춘 뒤 가중치의 "
            f"{_percent(share)}가 설명됨(미세조정으로 보는 선 {line:.0%})",
            en="Reordered, rotated or rescaled; once matched, "
            f"{_percent(share)} of the weights is explained, and {line:.0%} or more "
            "counts as fine-tuning.",
        )
    )


NO_SHARE = Text(
    ko="두 모델의 값을 제자리에서 견줄 수 없어 무엇이 바뀌었는지 알 수 없음",
    en="The values of the two cannot be held against each other in place, so what "
    "changed does not show.",
)


def more_layers(layers: str, mine: int, theirs: int) -> Text:
    """What up-scaling in depth rests on."""
    return undirected(
        Text(
            ko=f"후보의 {mine}개 층이 모두 참조 모델의 {theirs}개 층에서 짝을 찾으며 "
            f"일부 층은 되풀이됨(층 대응 {layers})",
            en=f"All {mine} layers of the candidate find a partner among the "
            "reference's "
            f"{theirs}, some of them twice or more (map {layers}).",
        )
    )


def fewer_layers(layers: str, mine: int, theirs: int) -> Text:
    """What dropping layers rests on."""
    return undirected(
        Text(
            ko=f"후보의 {mine}개 층이 참조 모델의 {theirs}개 층 가운데 일부와 순서대로 "
            f"짝을 이룸(층 대응 {layers})",
            en=f"The candidate's {mine} layers are {mine} of the reference's "
            f"{theirs}, in "
            f"their order (map {layers}).",
        )
    )


def other_order(layers: str) -> Text:
    """Why layers in another order get no word."""
    return Text(
        ko=f"층의 순서가 참조 모델과 다름(층 대응 {layers}). 이를 부르는 정해진 말이 "
        "없음",
        en=f"The layers stand in another order (map {layers}), for which there is no "
        "word.",
    )


def some_layers(with_partner: int, layers: int) -> Text:
    """What a transplant rests on."""
    return undirected(
        Text(
            ko=f"{layers}개 층 가운데 {with_partner}개 층만 참조 모델에서 짝을 찾고, "
            "나머지 층에서는 참조 모델의 가중치가 확인되지 않음",
            en=f"{with_partner} of {layers} layers find a partner in the reference; "
            "the "
            "others show none of its weights.",
        )
    )


def few_without(without: int, layers: int) -> Text:
    """Why a few layers without a partner are no transplant."""
    return Text(
        ko=f"{layers}개 층 가운데 {without}개 층만 짝을 찾지 못함. 그 층을 새로 넣은 "
        "것인지, 많이 바뀐 것인지 가중치로 알 수 없음",
        en=f"{without} of {layers} layers find no partner: whether they are new or "
        "changed beyond recognition, weights do not tell.",
    )


def _percent(share: float) -> str:
    """A share; never rounded up to a whole that it is not."""
    shown = f"{share:.1%}"
    return f"{share:.4%}" if shown == "100.0%" and share < 1.0 else shown
