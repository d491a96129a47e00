"""Checks that this version does not run, each with what it would need."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.evidence.values import Text

NOT_YET: Mapping[str, Text] = {
    "V9": Text(
        ko="보관된 최적화 상태를 읽지 않았습니다.",
        en="No kept optimizer state was read.",
    ),
    "V13": Text(
        ko="자료에서 배치를 다시 계산하지 않았습니다.",
        en="Batches were not recomputed from the data.",
    ),
    "V14": Text(
        ko="손실과 학습량의 관계를 재지 않았습니다.",
        en="Loss was not weighed against the tokens trained on.",
    ),
    "V15": Text(
        ko="연산량을 임차한 GPU 시간과 견주지 않았습니다.",
        en="Compute was not weighed against leased GPU hours.",
    ),
    "V16": Text(
        ko="학습 코드를 알려진 코드와 견주지 않았습니다.",
        en="Training code was not compared with known code.",
    ),
}
