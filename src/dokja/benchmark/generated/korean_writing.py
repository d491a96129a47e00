"""Korean spelling and honorifics: a sentence written rightly and wrongly.

Honorifics after 국립국어원, 표준 언어 예절 (2011): a verb agrees with its
subject (주체 높임), with whom the deed is for (객체 높임), and things are not
honoured (사물 존대).
"""

from __future__ import annotations

import re
from functools import partial

from dokja.benchmark.generated.drafts import Draft, Maker
from dokja.benchmark.generated.draws import Draws
from dokja.benchmark.generated.orthography_rules import (
    DEEDS,
    ELDERS,
    OWNED,
    SPELLING,
    THINGS,
    TOWARDS,
    YOUNGER,
)
from dokja.benchmark.generated.particles import PARTICLES, with_particle

CHOICES = 2
_OPENERS = ("", "사실 ", "물론 ", "역시 ", "알다시피 ", "듣기로는 ", "분명히 ", "정말 ")
_NOUNS = (
    *("사과", "구름", "바다", "나무", "연필", "공책", "모자", "가방", "기차"),
    *("돌", "별", "물", "강", "산", "꽃", "나비", "토끼", "버섯", "옥수수"),
    *("거울", "이불", "시계", "접시", "우산", "지갑", "편지", "조개", "창문"),
)
_PARTICLE_SENTENCES = {
    "subject": "저기 {} 보인다.",
    "object": "아이가 {} 그렸다.",
    "topic": "언제 보아도 {} 좋다.",
    "with": "그림에 {} 사람이 있다.",
    "by": "이름을 {} 바꾸었다.",
}
_PARTICLE_SOURCE = "표준국어대사전: 조사 {}"
TEMPLATES = {
    "spelling": "한글 맞춤법에 맞게 쓴 문장:",
    "honorifics": "높임법에 맞게 쓴 문장:",
}
_BRACKET = re.compile(r"\[(.*?)\|(.*?)\]")


def _pair(kind: str, sentence: str, cluster: str) -> Draft:
    """A draft of a sentence with one `[right|wrong]` in it."""
    right, wrong = (
        " " + _BRACKET.sub(rf"\{side}", sentence, count=1) for side in (1, 2)
    )
    return Draft(TEMPLATES[kind], right, (wrong,), cluster)


def _spelling(rule: str, draws: Draws) -> Draft:
    sentence = draws.pick(_OPENERS) + draws.pick(SPELLING[rule])
    return _pair("spelling", sentence, rule)


def _particle(role: str, draws: Draws) -> Draft:
    noun = draws.pick(_NOUNS)
    right = with_particle(noun, role)
    wrong = next(noun + form for form in PARTICLES[role] if noun + form != right)
    sentence = draws.pick(_OPENERS) + _PARTICLE_SENTENCES[role]
    source = _PARTICLE_SOURCE.format("·".join(PARTICLES[role]))
    return _pair("spelling", sentence.format(f"[{right}|{wrong}]"), source)


def _subject_elder(draws: Draws) -> Draft:
    what, honorific, plain = draws.pick(DEEDS)
    sentence = f"{draws.pick(ELDERS)}께서 {what}[{honorific}|{plain}]."
    return _honorific(sentence, "주체 높임: 윗사람", draws)


def _subject_younger(draws: Draws) -> Draft:
    what, honorific, plain = draws.pick(DEEDS)
    who = with_particle(draws.pick(YOUNGER), "subject")
    return _honorific(
        f"{who} {what}[{plain}|{honorific}].", "주체 높임: 아랫사람", draws
    )


def _towards_elder(draws: Draws) -> Draft:
    what, humble, plain = draws.pick(TOWARDS)
    sentence = f"나는 {draws.pick(ELDERS)}께 {what}[{humble}|{plain}]."
    return _honorific(sentence, "객체 높임: 윗사람", draws)


def _towards_younger(draws: Draws) -> Draft:
    what, humble, plain = draws.pick(TOWARDS)
    sentence = f"나는 {draws.pick(YOUNGER)}에게 {what}[{plain}|{humble}]."
    return _honorific(sentence, "객체 높임: 아랫사람", draws)


def _thing(draws: Draws) -> Draft:
    thing = with_particle(draws.pick(THINGS), "subject")
    end = draws.pick(("[나왔습니다|나오셨습니다]", "[없습니다|없으십니다]"))
    return _honorific(f"손님, 주문하신 {thing} {end}.", "사물 존대", draws)


def _owned(draws: Draws) -> Draft:
    thing = with_particle(draws.pick(OWNED), "subject")
    return _honorific(
        f"{draws.pick(ELDERS)}께서는 {thing} [있으시다|계시다].", "간접 높임", draws
    )


def _honorific(sentence: str, cluster: str, draws: Draws) -> Draft:
    return _pair("honorifics", draws.pick(_OPENERS) + sentence, cluster)


ORTHOGRAPHY: tuple[Maker, ...] = (
    *(partial(_spelling, rule) for rule in SPELLING),
    *(partial(_particle, role) for role in _PARTICLE_SENTENCES),
)
HONORIFICS: tuple[Maker, ...] = (
    _subject_elder,
    _subject_younger,
    _towards_elder,
    _towards_younger,
    _thing,
    _owned,
)
