"""Retrieval over long context: numbers of lockers told at known depths.

The text between is made of words by rule, copied from nowhere, and holds no
digit. All choices are numbers that the text gives, to other lockers.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from dokja.benchmark.generated.drafts import Draft
from dokja.benchmark.generated.draws import Draws
from dokja.benchmark.generated.particles import with_particle
from dokja.errors import InvalidInput

CHOICES = 4
LENGTHS = {"4k": 4096, "8k": 8192, "16k": 16384, "32k": 32768, "64k": 65536}
LENGTHS["128k"] = 131072
ROOM = 64
"""Tokens of a length that are left for what is written after the question."""
DEPTHS = (0, 25, 50, 75, 100)
"""Where the fact that is asked for stands, in per cent of the text."""
TEMPLATES = {
    "fact": "{key} 보관함의 번호는 {value}이다.",
    "question": "{text}\n\n질문: {key} 보관함의 번호는 무엇인가?\n답:",
}
_COLOURS = ("푸른", "붉은", "노란", "하얀", "검은", "은빛", "초록", "보랏빛")
_ANIMALS = ("사자", "고래", "두루미", "여우", "거북", "나비", "호랑이", "다람쥐")
_WHEN = ("아침마다", "저녁이면", "여름이 오면", "비가 그치면", "가끔", "이따금")
_WHO = ("농부", "이웃", "목수", "화가", "어부", "상인", "아이", "손님", "시인")
_WHERE = ("마을에서", "숲에서", "강가에서", "시장에서", "언덕에서", "부두에서")
_WHAT = ("그릇", "바구니", "의자", "그림", "편지", "지도", "등불", "씨앗", "그물")
_HOW = ("천천히", "조용히", "정성껏", "부지런히", "즐겁게", "말없이")
_DEED = ("고친다", "옮긴다", "살핀다", "나눈다", "찾는다", "모은다", "닦는다")


@dataclass(frozen=True, kw_only=True)
class TokenCounter:
    """How tokens are counted: the model's own tokenizer, under a name."""

    name: str
    count: Callable[[str], int]


def fitting_lengths(context: int) -> tuple[str, ...]:
    """Names of the lengths that a model of this context holds, with its answer.

    A choice is a number of five digits, which no tokenizer writes in more than
    sixteen tokens with the space before.
    """
    return tuple(name for name, tokens in LENGTHS.items() if tokens + 16 <= context)


def needle_draft(
    tokens: int, depth: int, *, counter: TokenCounter, draws: Draws
) -> Draft:
    """A question of at most `tokens` tokens whose fact stands at the depth.

    Raises: InvalidInput where the facts alone are longer than that.
    """
    keys, values = _facts(draws)
    facts = [
        TEMPLATES["fact"].format(key=key, value=value)
        for key, value in zip(keys, values, strict=True)
    ]
    places = draws.shuffled([10, 35, 65, 90])[: len(facts) - 1]
    filler = _filler(tokens, counter, draws)

    def question(sentences: int) -> str:
        text = _with_facts(filler[:sentences], facts, (depth, *places))
        return TEMPLATES["question"].format(text=text, key=keys[0])

    fitting = bisect_right(
        range(len(filler) + 1), tokens, key=lambda n: counter.count(question(n))
    )
    if fitting == 0:
        raise InvalidInput(
            f"the facts alone are longer than {tokens} tokens of {counter.name}",
            remedy="ask for a longer text",
        )
    right, *wrong = (f" {value}" for value in values)
    return Draft(question(fitting - 1), right, tuple(wrong), f"depth {depth}%")


def _facts(draws: Draws) -> tuple[list[str], list[str]]:
    names = [f"{colour} {animal}" for colour in _COLOURS for animal in _ANIMALS]
    values: list[str] = []
    while len(values) < CHOICES:
        value = str(draws.between(10_000, 99_999))
        if value not in values:
            values.append(value)
    return draws.sample(names, CHOICES), values


def _filler(tokens: int, counter: TokenCounter, draws: Draws) -> list[str]:
    """Sentences that are together longer than so many tokens."""
    sample = [_sentence(draws) for _ in range(64)]
    mean = max(1.0, counter.count(" ".join(sample)) / len(sample))
    wanted = int(1.2 * tokens / mean) + 1
    return sample + [_sentence(draws) for _ in range(wanted - len(sample))]


def _sentence(draws: Draws) -> str:
    who = with_particle(draws.pick(_WHO), "subject")
    what = with_particle(draws.pick(_WHAT), "object")
    parts = (draws.pick(_WHEN), who, draws.pick(_WHERE), what)
    return " ".join((*parts, draws.pick(_HOW), draws.pick(_DEED))) + "."


def _with_facts(sentences: list[str], facts: list[str], depths: tuple[int, ...]) -> str:
    text = list(sentences)
    # From the end on, so that an insertion moves no place still to come.
    for depth, fact in sorted(zip(depths, facts, strict=True), reverse=True):
        text.insert(len(sentences) * depth // 100, fact)
    return " ".join(text)
