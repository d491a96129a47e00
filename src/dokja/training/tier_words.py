"""What a tier lets anybody say, and what no record can show."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.evidence.values import Text
from dokja.training.values import Tier

MEANING: Mapping[Tier, Text] = {
    Tier.E0: Text(
        ko="주장뿐입니다. 이 기록은 아무것도 뒷받침하지 않습니다.",
        en="A claim only: this record supports nothing.",
    ),
    Tier.E1: Text(
        ko="기록이 스스로 앞뒤가 맞고 팀이 서명하였습니다. 나중에 지어낸 기록도 그럴 "
        "수 "
        "있습니다.",
        en="The record agrees with itself and the team signed it. So could one that "
        "was "
        "made up afterwards.",
    ),
    Tier.E2: Text(
        ko="학습하는 동안 증인이 이 순서의 기록이 있음을 확인하였습니다. 내용이 "
        "사실인지는 "
        "다시 돌려 보아야 합니다.",
        en="A witness saw this log exist in this order while training ran. Whether "
        "what "
        "it says is true takes replay.",
    ),
    Tier.E3: Text(
        ko="처음부터 학습한 것과 모순되지 않습니다. 종료 뒤에 고른 구간을 다시 돌려 "
        "보았습니다. 지어낸 부분을 놓쳤을 확률은 V11에 있습니다.",
        en="Consistent with training from scratch: segments chosen after the close "
        "were replayed. V11 says how likely they are to have missed a forged part.",
    ),
    Tier.E4: Text(
        ko="E3에 더하여, 기록된 장비가 실제로 쓰였음을 주관기관이 서명으로 "
        "확인하였습니다.",
        en="As E3, and the organiser attests by its signature that the recorded "
        "machines were used.",
    ),
}
FAILED = Text(
    ko="기록이 필수 점검을 통과하지 못해 근거로 쓸 수 없습니다. 누구의 잘못인지는 이 "
    "점검으로 알 수 없습니다.",
    en="A hard check failed, so the record cannot serve as evidence. Whose doing that "
    "is, "
    "the check does not know.",
)
CANNOT_PROVE: tuple[Text, ...] = (
    Text(
        ko="다른 모델의 출력물로 학습하였는지(증류)는 알 수 없습니다.",
        en="Whether another model's outputs were trained on (distillation).",
    ),
    Text(
        ko="다른 모델에서 시작한 학습과 처음부터 한 학습을 모두 실제로 돌렸는지는 알 "
        "수 "
        "없습니다.",
        en="Whether a second run, begun from another model, was trained beside this "
        "one.",
    ),
    Text(
        ko="다시 돌리지 않은 구간은 값싼 점검만 거쳤습니다. 학습에 쓰지 않았다는 "
        "자료가 정말 그런지는 팀의 신고에 따릅니다.",
        en="What lies in segments that were not replayed, beyond what cheap checks "
        "see; and whether data called held-out was.",
    ),
    Text(
        ko="팀의 프로그램이 하는 일이 무엇인지는 사람이 코드를 읽어야 알 수 있습니다. "
        "다시 돌려 보기는 기록과 같은 결과가 나온다는 것만 보여 줍니다.",
        en="What the team's program really does: replay shows that it leads where the "
        "record says, and somebody has to read it.",
    ),
    Text(
        ko="임차, 허가 등 기록 밖의 문서가 사실인지는 알 수 없습니다.",
        en="Whether papers outside the record, such as leases and licences, are true.",
    ),
)
