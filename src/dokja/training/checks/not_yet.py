"""Checks that this version does not run, each with what it would need."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.evidence.values import Text

NOT_YET: Mapping[str, Text] = {
    "V4": Text(
        ko="처음 가중치를 시드에서 다시 만들어 견주지 않았습니다.",
        en="The first weights were not made again from their seed.",
    ),
    "V5": Text(
        ko="첫 단계의 손실을 처음 가중치로 다시 계산하지 않았습니다.",
        en="The first step's loss was not recomputed from the first weights.",
    ),
    "V8": Text(
        ko="보관된 체크포인트를 다시 평가하지 않았습니다.",
        en="No kept checkpoint was evaluated again.",
    ),
    "V9": Text(
        ko="보관된 최적화 상태를 읽지 않았습니다.",
        en="No kept optimizer state was read.",
    ),
    "V10": Text(
        ko="어떤 구간도 다시 돌려 보지 않았습니다.", en="No segment was replayed."
    ),
    "V11": Text(
        ko="다시 돌릴 구간을 종료 뒤의 추첨값으로 고르지 않았습니다.",
        en="No segments were chosen by a beacon drawn after the record closed.",
    ),
    "V12": Text(
        ko="구간마다 자기 자료를 외웠는지 재지 않았습니다.",
        en="Memorisation of each segment's own data was not measured.",
    ),
    "V13": Text(
        ko="자료에서 배치를 다시 계산하지 않았습니다.",
        en="Batches were not recomputed from the data.",
    ),
    "V16": Text(
        ko="학습 코드를 알려진 코드와 견주지 않았습니다.",
        en="Training code was not compared with known code.",
    ),
}
