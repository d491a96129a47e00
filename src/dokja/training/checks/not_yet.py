"""Checks that this version does not run, each with what it would need."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.evidence.values import Text

NOT_YET: Mapping[str, Text] = {
    "V16": Text(
        ko="학습 코드를 알려진 코드와 견주지 않았습니다.",
        en="Training code was not compared with known code.",
    ),
}
