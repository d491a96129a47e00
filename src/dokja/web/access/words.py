"""The answers of the forms on people, in both languages."""

from __future__ import annotations

import msgspec

from dokja.evidence.values import Text
from dokja.people.values import Region, Sex, Skill


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One answer that can be chosen."""

    value: str
    name: Text


_UNSTATED = Text(ko="밝히지 않음", en="rather not say")

_WORDS: dict[str, dict[str, Text]] = {
    "sex": {
        Sex.UNSTATED: _UNSTATED,
        Sex.FEMALE: Text(ko="여성", en="female"),
        Sex.MALE: Text(ko="남성", en="male"),
    },
    "region": {
        Region.UNSTATED: _UNSTATED,
        Region.CAPITAL: Text(ko="수도권(서울·인천·경기)", en="Seoul and around"),
        Region.GANGWON: Text(ko="강원권", en="Gangwon"),
        Region.CHUNGCHEONG: Text(ko="충청권", en="Chungcheong"),
        Region.HONAM: Text(ko="호남권", en="Honam"),
        Region.YEONGNAM: Text(ko="영남권", en="Yeongnam"),
        Region.JEJU: Text(ko="제주권", en="Jeju"),
        Region.ABROAD: Text(ko="국외", en="abroad"),
    },
    "skill": {
        Skill.UNSTATED: _UNSTATED,
        Skill.NEVER: Text(ko="사용한 적 없음", en="never used it"),
        Skill.MONTHLY: Text(ko="월 1회 이상", en="every month"),
        Skill.WEEKLY: Text(ko="주 1회 이상", en="every week"),
        Skill.DAILY: Text(ko="거의 매일", en="nearly every day"),
        Skill.PROFESSIONAL: Text(ko="업무로 다룸", en="it is my profession"),
    },
}

CHOICES: dict[str, tuple[Choice, ...]] = {
    field: tuple(Choice(value=str(value), name=name) for value, name in words.items())
    for field, words in _WORDS.items()
}
"""What can be answered, by field, in the order in which it is offered."""
