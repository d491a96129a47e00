"""What a decomposition says in words, in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from dokja.evidence.values import Text
from dokja.lineage.decomposition.values import DecompositionVerdict, MixtureForm

PARENTS_SAME = Text(
    ko="부모 모델들이 서로 충분히 다르지 않아 몫을 가를 수 없음.",
    en="The parents do not differ enough to tell their shares apart.",
)
NO_PARENT_SHOWS = Text(
    ko="저장된 기저에서 어느 부모 모델의 가중치도 나타나지 않음.",
    en="No parent's weights show in the basis as stored.",
)
NO_DEPARTURE_SHOWS = Text(
    ko="조상 모델에서 벗어난 방향 가운데 어느 부모 모델의 것도 나타나지 않음.",
    en="Nothing by which a parent departs from the ancestor shows.",
)
RELATED_OR_MIXED = Text(
    ko="둘 이상의 부모 모델이 나타나나, 병합 뒤에 더 학습한 것인지 같은 조상에서 따로 "
    "학습한 것인지 가릴 수 없음. 조상 모델을 지정하면 가려지는 경우가 있음.",
    en="More than one parent shows, but a merge trained further cannot be told from "
    "a sibling trained from the parents' common ancestor. Naming the ancestor may "
    "decide it.",
)
DEPARTURES_MIXED = Text(
    ko="둘 이상의 부모 모델이 나타나나, 병합 뒤에 더 학습하거나 가중치를 솎아 낸 "
    "것인지 비슷한 자료로 따로 학습한 것인지 가릴 수 없음.",
    en="More than one parent shows, but a merge that was trained further or thinned "
    "out cannot be told from a model trained apart on similar data.",
)
WEAK = Text(
    ko="부모 모델의 가중치가 약하게 나타나거나 구간이 넓어 판정할 수 없음.",
    en="What shows of the parents is too little, or too uncertain, to decide.",
)
OTHER_DEPTH = Text(
    ko="조상 모델과 부모 모델들의 층 수가 서로 달라 차이를 구할 수 없음.",
    en="The ancestor and the parents differ in their number of layers, so there are "
    "no differences to fit.",
)
NOTHING_SHARED = Text(
    ko="모든 모델에 같은 모양으로 있는 텐서가 없음.",
    en="No tensor has the same shape in every model.",
)
SECOND_OF_A_KIND = Text(
    ko="한 모델에 같은 종류의 구성요소가 둘 있어 어느 쪽이 쓰이는지 알 수 없음.",
    en="One of the models holds two components of this kind, and which of them is "
    "used does not show.",
)
NOT_IDENTIFIED = Text(
    ko="이 부분에서는 부모 모델들이 서로 다르지 않음",
    en="the parents do not differ here",
)


def identical(parent: str) -> Text:
    """The reason of a component whose tensors are all one parent's."""
    return Text(
        ko=f"비교한 모든 텐서가 {parent}의 것과 바이트까지 같음.",
        en=f"Every tensor compared is equal in bytes to that of {parent}.",
    )


def reason(
    verdict: DecompositionVerdict,
    form: MixtureForm | None,
    layers: tuple[int, int],
    *,
    several: bool,
    from_ancestor: bool,
) -> Text:
    """The reason of a verdict; `layers` are those that show a parent, and all."""
    if form is not None:
        return _merged(form, *layers)
    if verdict is DecompositionVerdict.ONE_PARENT:
        return _one_parent(*layers)
    if verdict is DecompositionVerdict.NO_PARENT:
        return NO_DEPARTURE_SHOWS if from_ancestor else NO_PARENT_SHOWS
    if several:
        return DEPARTURES_MIXED if from_ancestor else RELATED_OR_MIXED
    return WEAK


def _one_parent(shown: int, layers: int) -> Text:
    return Text(
        ko=f"한 부모 모델만 나타남(부분 {layers}개 중 {shown}개). 그 모델을 이어받은 "
        "것과 그 모델과 조상이 같은 것은 이 검사로 가리지 않음.",
        en=f"One parent alone shows, in {shown} of {layers} parts. Descent from it is "
        "not told here from descent from an ancestor of its own.",
    )


def _merged(form: MixtureForm, shown: int, layers: int) -> Text:
    counted_ko = f"부분 {layers}개 중 {shown}개"
    counted_en = f"{shown} of {layers} parts show it"
    if form is MixtureForm.WEIGHTED:
        return Text(
            ko=f"둘 이상의 부모 모델을 가중 평균한 것으로 나타남({counted_ko}).",
            en=f"A weighted mean of two or more parents: {counted_en}.",
        )
    if form is MixtureForm.BY_LAYER:
        return Text(
            ko=f"층마다 다른 부모 모델에서 가져온 것으로 나타남({counted_ko}).",
            en=f"Layers of different parents: {counted_en}.",
        )
    return Text(
        ko=f"일부는 가중 평균이고 나머지는 한 부모 모델의 것으로 나타남({counted_ko}).",
        en=f"Some parts are weighted means and others one parent's: {counted_en}.",
    )


def limits(alone: Sequence[str], *, from_ancestor: bool) -> Text:
    """What the report does not show, with the components not in every model."""
    ko = (
        "지정한 부모 모델과 저장된 기저 안에서만 판정하며, 어느 판정도 독자성을 뜻하지 "
        "않음. 채널이나 은닉 유닛의 순서를 바꾼 혼합, 지정하지 않은 부모 모델은 "
        "나타나지 않음. 한 학습 과정의 중간 체크포인트는 그 앞뒤 체크포인트의 "
        "혼합처럼 보일 수 있음. 구간은 뽑은 행에서 비롯한 불확실성만 담음."
    )
    en = (
        "This speaks of the named parents, in the basis as stored, and never of "
        "independence. A mixture whose channels or hidden units were put in another "
        "order does not show, nor does a parent nobody named. A checkpoint from the "
        "middle of a run can look like a mixture of those before and after it. "
        "Intervals cover the drawing of rows only."
    )
    if not from_ancestor:
        ko += " 조상 모델을 지정하지 않았으므로 가중치는 표 자체의 몫이며, "
        ko += "조상과의 차이를 더해 만든 혼합의 계수는 조상을 지정해야 나옴."
        en += " No ancestor was named, so weights are shares of the tables themselves; "
        en += "coefficients of added differences are measured from the ancestor only."
    if alone:
        listed = ", ".join(alone)
        ko += f" 모든 모델에 있지는 않아 비교하지 않은 구성요소: {listed}."
        en += f" Components not in every model, not compared: {listed}."
    return Text(ko=ko, en=en)
