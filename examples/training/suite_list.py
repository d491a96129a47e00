"""The seven suites of the example stage, in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Suite:
    """What a suite says about itself."""

    id: str
    title: dict[str, str]
    language: str
    licence: str
    source: str
    description: dict[str, str]


KO_PARTICLE = Suite(
    id="ko-particle",
    title={"ko": "조사 고르기", "en": "Korean particles"},
    language="ko",
    licence="CC0-1.0",
    source="korean_rules.py, held-out nouns",
    description={
        "ko": "문장 속 두 낱말에 붙는 조사를 받침에 맞게 고른다. 낱말은 학습 자료에 나오지 않는다.",
        "en": "Which particles fit the final sounds of two nouns in a sentence; the nouns are not in the training text.",
    },
)
KO_NUMBER = Suite(
    id="ko-number",
    title={"ko": "수 읽기", "en": "Reading numbers in Korean"},
    language="ko",
    licence="CC0-1.0",
    source="korean_rules.py, held-out numbers",
    description={
        "ko": "세 자리에서 다섯 자리까지의 수를 한글로 바르게 읽은 것을 고른다. 오답은 자릿수를 바꾸거나 한 자리를 고친 수이다.",
        "en": "The right Korean reading of a number of three to five digits; "
        "wrong readings belong to numbers with digits swapped or one digit changed.",
    },
)
KO_CONTINUATION = Suite(
    id="ko-continuation",
    title={"ko": "한국어 문장 잇기", "en": "Korean continuation"},
    language="ko",
    licence="MPL-2.0",
    source="corpus help-ko, held-out documents",
    description={
        "ko": "도움말 문장의 앞부분을 보고 실제로 이어지는 뒷부분을 고른다. 오답은 같은 뒷부분에서 이웃한 두 낱말의 자리를 바꾼 것이다.",
        "en": "The true second half of a help sentence; in the others two neighbouring words have changed places.",
    },
)
EN_CONTINUATION = Suite(
    id="en-continuation",
    title={"ko": "영어 문장 잇기", "en": "English continuation"},
    language="en",
    licence="MPL-2.0",
    source="corpus help-en, held-out documents",
    description={
        "ko": "영어 도움말 문장을 전치사 앞에서 끊고 실제로 이어지는 부분을 고른다. 오답은 전치사만 다르다.",
        "en": "How a sentence of the help pages goes on from a preposition; the others differ in that word only.",
    },
)
UI_TERMS = Suite(
    id="ui-terms",
    title={"ko": "화면 용어 옮기기", "en": "Interface terms"},
    language="mixed",
    licence="MPL-2.0",
    source="corpus terms, held-out terms",
    description={
        "ko": "영어 화면 용어에 맞는 한국어 용어를 고른다. 보기 넷은 글자 수가 같다.",
        "en": "The Korean term for an English interface term; the four choices are equally long.",
    },
)
SMALL_SUMS = Suite(
    id="small-sums",
    title={"ko": "작은 수의 덧셈과 뺄셈", "en": "Small sums"},
    language="ko",
    licence="CC0-1.0",
    source="korean_rules.py, held-out sums",
    description={
        "ko": "마흔보다 작은 두 수의 합이나 차를 어림하여 고른다. 오답은 정답과 6에서 13까지 차이가 난다. 절반은 숫자로, 절반은 한글로 적었다.",
        "en": "The sum or difference of two numbers below forty, wrong ones being off by 6 to 13; half in digits and half spelled out in Korean.",
    },
)
DOC_ORDER = Suite(
    id="doc-order",
    title={"ko": "문서의 어순", "en": "Word order in documents"},
    language="en",
    licence="PSF-2.0",
    source="corpus python-en, held-out documents",
    description={
        "ko": "파이썬 문서 문장의 뒷부분이 문서에 적힌 순서대로인 것을 고른다. 오답은 두 낱말의 자리를 바꾼 것이다.",
        "en": "The second half of a sentence of the Python documentation in the order of the document; in the others two words have changed places.",
    },
)
