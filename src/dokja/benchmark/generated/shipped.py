"""The generated suites that are shipped: their headers, and their items on demand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import msgspec

from dokja.benchmark.generated import (
    arithmetic,
    korean_writing,
    needles,
    numbers,
    tool_sums,
)
from dokja.benchmark.generated.drafts import Draft, Maker, draw_items
from dokja.benchmark.generated.draws import Draws
from dokja.benchmark.generated.instructions import make_instructions
from dokja.benchmark.generated.needles import TokenCounter, needle_draft
from dokja.benchmark.values import Item, Scoring, Suite, SuiteHeader, Tool, Track
from dokja.benchmark.written import templates_digest
from dokja.errors import InvalidInput, Unavailable
from dokja.evidence.canonical import digest_bytes, digest_of
from dokja.evidence.values import Text

_AUTHOR = "Dokja"
_TURNS = 6
"""Enough to try, read, mend and answer."""


def _header(
    suite: str,
    texts: tuple[Text, Text],
    *,
    choices: int,
    items: int,
    templates: Mapping[str, str],
) -> SuiteHeader:
    header = _plain_header(suite, texts, items=items, template=digest_of(templates))
    return msgspec.structs.replace(header, chance=1 / choices)


def _written_header(
    suite: str,
    texts: tuple[Text, Text],
    *,
    scoring: Scoring,
    items: int,
    output_tokens: int,
    tools: tuple[Tool, ...] = (),
) -> SuiteHeader:
    header = _plain_header(
        suite, texts, items=items, template=templates_digest(scoring, tools)
    )
    return msgspec.structs.replace(
        header,
        scoring=scoring,
        output_tokens=output_tokens,
        tools=tools,
        turns=_TURNS if tools else 0,
    )


def _plain_header(
    suite: str, texts: tuple[Text, Text], *, items: int, template: str
) -> SuiteHeader:
    mark = digest_bytes(f"canary of {suite}".encode()).removeprefix("sha256:")[:32]
    return SuiteHeader(
        id=suite,
        version="1",
        title=texts[0],
        description=texts[1],
        track=Track.TEXT,
        language="ko",
        licence="Apache-2.0",
        authors=(_AUTHOR,),
        source=f"seeded generator dokja.benchmark.generated, {suite}",
        chance=0.0,
        items=items,
        canary=f"dokja-canary {suite} {mark} not for training",
        prompt_template=template,
    )


_ARITHMETIC = _header(
    "ko-arithmetic",
    (
        Text(ko="산수", en="Arithmetic"),
        Text(
            ko="식과 문장으로 된 자연수 계산 열두 가지이다.",
            en="Twelve kinds of sums of whole numbers, in signs and in Korean words.",
        ),
    ),
    choices=arithmetic.CHOICES,
    items=240,
    templates=arithmetic.TEMPLATES,
)
_ORTHOGRAPHY = _header(
    "ko-orthography",
    (
        Text(ko="한글 맞춤법과 띄어쓰기", en="Korean spelling and spacing"),
        Text(
            ko="바르게 쓴 문장을 고른다. 문항마다 근거 조항이 군집 이름에 적혀 있다.",
            en="Which sentence is spelled rightly; the cluster cites the article.",
        ),
    ),
    choices=korean_writing.CHOICES,
    items=440,
    templates=korean_writing.TEMPLATES,
)
_HONORIFICS = _header(
    "ko-honorifics",
    (
        Text(ko="높임법", en="Korean honorifics"),
        Text(
            ko="주체·객체·간접 높임이 맞고 사물을 높이지 않은 문장을 고른다.",
            en="Which sentence honours the right person and no thing.",
        ),
    ),
    choices=korean_writing.CHOICES,
    items=180,
    templates=korean_writing.TEMPLATES,
)
_NUMBERS = _header(
    "ko-number-reading",
    (
        Text(ko="수와 단위 읽기", en="Korean numbers and counters"),
        Text(
            ko="수, 단위, 시각, 날짜를 고유어와 한자어 수사로 바르게 읽는다.",
            en="How numbers, counters, times and dates are read aloud.",
        ),
    ),
    choices=numbers.CHOICES,
    items=240,
    templates=numbers.TEMPLATES,
)
_INSTRUCTIONS = _written_header(
    "ko-instructions",
    (
        Text(ko="지시 이행", en="Following instructions"),
        Text(
            ko="분량, 형식, 넣을 말 등 프로그램이 확인하는 요건을 모두 지켜 쓴다.",
            en="A text that keeps every demand on length, form and wording; a program "
            "checks them.",
        ),
    ),
    scoring=Scoring.RULES,
    items=200,
    output_tokens=512,
)
_ARITHMETIC_WRITTEN = _written_header(
    "ko-arithmetic-written",
    (
        Text(ko="산수(서술형)", en="Arithmetic, written"),
        Text(
            ko="식과 문장으로 된 자연수 계산 열두 가지의 답을 직접 쓴다.",
            en="Twelve kinds of sums of whole numbers whose result the model writes.",
        ),
    ),
    scoring=Scoring.NUMBER,
    items=240,
    output_tokens=512,
)
_TOOL_SUMS = _written_header(
    "ko-tool-sums",
    (
        Text(ko="도구를 쓰는 계산", en="Sums with a tool"),
        Text(
            ko="암산하기에는 긴 계산 아홉 가지이다. 모델은 격리된 곳에서 파이썬 "
            "프로그램을 실행해 볼 수 있다.",
            en="Nine kinds of computations too long for the head; the model may run "
            "Python programs in a sandbox.",
        ),
    ),
    scoring=Scoring.NUMBER,
    items=180,
    output_tokens=1024,
    tools=(Tool.PYTHON,),
)
_MAKERS: Mapping[str, tuple[Maker, ...]] = {
    _ARITHMETIC.id: arithmetic.MAKERS,
    _ORTHOGRAPHY.id: korean_writing.ORTHOGRAPHY,
    _HONORIFICS.id: korean_writing.HONORIFICS,
    _NUMBERS.id: numbers.MAKERS,
}
_NEEDLES = {
    f"ko-needle-{name}": (
        tokens,
        _header(
            f"ko-needle-{name}",
            (
                Text(
                    ko=f"긴 글에서 찾기({tokens}토큰)",
                    en=f"Retrieval over {tokens} tokens",
                ),
                Text(
                    ko="긴 글의 정해진 깊이에 적힌 번호를 찾는다.",
                    en="Which number a long text gives at a known depth.",
                ),
            ),
            choices=needles.CHOICES,
            items=40,
            templates=needles.TEMPLATES,
        ),
    )
    for name, tokens in needles.LENGTHS.items()
}


def generated_headers() -> tuple[SuiteHeader, ...]:
    """Headers of all generated suites, by id."""
    chosen = (_ARITHMETIC, _ORTHOGRAPHY, _HONORIFICS, _NUMBERS)
    written = (_INSTRUCTIONS, _ARITHMETIC_WRITTEN, _TOOL_SUMS)
    found = (*chosen, *written, *(header for _, header in _NEEDLES.values()))
    return tuple(sorted(found, key=lambda header: header.id))


def measured_in_tokens(suite: str) -> bool:
    """Whether the suite needs a model's tokenizer to be made."""
    return suite in _NEEDLES


def generate_suite(
    suite: str, *, beacon: str = "", counter: TokenCounter | None = None
) -> Suite:
    """A generated suite with its items; equal arguments give equal bytes.

    A beacon gives a fresh set of the same kind, which its version names.
    Raises: Unavailable for an unknown suite, InvalidInput where a suite that
    is measured in tokens is asked for without a counter.
    """
    headers = {header.id: header for header in generated_headers()}
    if suite not in headers:
        raise Unavailable(
            f"there is no generated suite {suite!r}",
            remedy=f"give one of {', '.join(headers)}",
        )
    header = headers[suite]
    parts = [header.version]
    if beacon:
        parts.append(digest_bytes(beacon.encode()).removeprefix("sha256:")[:12])
    if suite in _NEEDLES:
        if counter is None:
            raise InvalidInput(
                f"suite {suite} is measured in tokens",
                remedy="give the model's tokenizer as a TokenCounter",
            )
        parts.append(counter.name)
    header = msgspec.structs.replace(header, version="+".join(parts))
    return Suite(header=header, items=_items(header, beacon, counter))


def _items(
    header: SuiteHeader, beacon: str, counter: TokenCounter | None
) -> tuple[Item, ...]:
    suite, count = header.id, header.items
    if suite == _INSTRUCTIONS.id:
        return make_instructions(count=count, beacon=beacon)
    if suite == _ARITHMETIC_WRITTEN.id:
        return arithmetic.written_items(suite, items=count, beacon=beacon)
    if suite == _TOOL_SUMS.id:
        return tool_sums.tool_sum_items(suite, items=count, beacon=beacon)
    if counter is not None and suite in _NEEDLES:
        makers = _needle_makers(_NEEDLES[suite][0] - needles.ROOM, counter)
    else:
        makers = _MAKERS[suite]
    return draw_items(makers, suite=suite, items=count, beacon=beacon)


def _needle_makers(tokens: int, counter: TokenCounter) -> tuple[Maker, ...]:
    return tuple(partial(_needle, tokens, depth, counter) for depth in needles.DEPTHS)


def _needle(tokens: int, depth: int, counter: TokenCounter, draws: Draws) -> Draft:
    return needle_draft(tokens, depth, counter=counter, draws=draws)
