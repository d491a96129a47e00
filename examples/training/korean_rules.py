"""Korean text made by rule: number readings, particles and small sums (CC0-1.0).

Both the corpus and the suites are made here, so that what a suite asks is never in the corpus:
`is_held_out` splits every noun, number and sum the same way for both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np

DIGITS = "영일이삼사오육칠팔구"
UNITS = ("", "십", "백", "천")

_NOUN_LINES = """
    가게 가방 가위 가을 강물 거리 거울 건물 겨울 경찰 계단 고기 고양이 공원 공책 과일 과자 구두 구름 국수 그릇
    그림 극장 기름 기차 길 김치 꽃 나라 나무 나비 낙엽 날개 냄비 노래 논밭 눈사람 다리 단추 달 달걀 달력 담요
    당근 도서관 도시 도장 돌 동전 두부 등대 땅콩 떡 라디오 마늘 마당 마을 만두 말 매미 머리띠 모래 모자 목걸이
    무지개 문 물 물감 물고기 미역 바늘 바다 바람 바위 바지 반지 발자국 밤 밥 방석 배추 버섯 버스 벌 별 보리
    복숭아 봄 봉투 부엌 북 불 붓 비누 빗 빵 사과 사다리 사슴 사진 산 상자 새 색종이 생선 서랍 선물 설탕 섬
    소금 소나무 손수건 수건 수박 수첩 숟가락 숲 시계 시장 신문 신발 쌀 씨앗 안경 양말 양파 얼음 여름 연필 열쇠
    엽서 오이 옥수수 옷 우산 우유 운동장 울타리 원숭이 유리 의자 이불 이야기 인형 일기 잎 자두 자전거 작은방 장갑
    장미 저울 접시 젓가락 조개 종이 주머니 주전자 지갑 지도 지붕 진달래 창문 채소 책 책상 천 철길 체조 초 축구공
    치마 치약 칠판 침대 칼 컵 콩 탁자 태양 토끼 통 편지 포도 풀 풍선 피리 필통 하늘 학교 항아리 해바라기 호박
    호수 화분 활 휴지 흙 힘
"""
NOUNS = tuple(_NOUN_LINES.split())
PEOPLE = (
    "학생",
    "선생님",
    "아이",
    "손님",
    "이웃",
    "아버지",
    "어머니",
    "동생",
    "형",
    "누나",
    "친구",
    "농부",
)
ACTIONS = (
    "샀다",
    "보았다",
    "그렸다",
    "찾았다",
    "골랐다",
    "잊었다",
    "옮겼다",
    "가져왔다",
    "빌렸다",
    "좋아한다",
)

# The form after a final consonant comes first, the form after a vowel second.
PARTICLES = {
    "topic": ("은", "는"),
    "subject": ("이", "가"),
    "object": ("을", "를"),
    "with": ("과", "와"),
    "or": ("이나", "나"),
    "by": ("으로", "로"),
}

# In a template <a:role> is a noun followed by its particle, in the order the nouns are given.
SENTENCES = (
    ("{person}", "<with> <object> {action}."),
    ("여기에는", "<subject> 있고 저기에는 <subject> 있다."),
    ("사전을 보면", "<topic> <subject> 아니다."),
    ("{person}", "<or> <object> {action}."),
    ("이제", "<by> <object> 바꾼다."),
    ("그림 속에", "<with> <subject> 있다."),
)


def is_held_out(kind: str, value: str, one_in: int) -> bool:
    """True when the value belongs to the suites and must stay out of the corpus."""
    digest = hashlib.sha256(f"{kind}\x1f{value}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % one_in == 0


def nouns(*, held_out: bool) -> list[str]:
    """The nouns of one side of the split."""
    return [noun for noun in NOUNS if is_held_out("noun", noun, 4) is held_out]


def read_number(number: int) -> str:
    """The Sino-Korean reading of 0 to 99,999,999, as in 2015 → 이천십오."""
    if not 0 <= number < 10**8:
        raise ValueError(f"no reading for {number}")
    if number == 0:
        return DIGITS[0]
    high, low = divmod(number, 10_000)
    if high == 0:
        return _read_below_ten_thousand(low)
    # 만 alone is read without 일, unlike 십만 or 이만.
    head = "" if high == 1 else _read_below_ten_thousand(high)
    return f"{head}만{_read_below_ten_thousand(low)}"


def _read_below_ten_thousand(number: int) -> str:
    parts = []
    for place, digit in enumerate(reversed(f"{number:d}")):
        value = int(digit)
        if value == 0:
            continue
        parts.append((DIGITS[value] if value > 1 or place == 0 else "") + UNITS[place])
    return "".join(reversed(parts))


def final_consonant(word: str) -> int:
    """The index of the last syllable's final consonant, 0 when it ends in a vowel."""
    return (ord(word[-1]) - 0xAC00) % 28


def with_particle(noun: str, role: str, *, correct: bool = True) -> str:
    """The noun with the particle its sound asks for, or with the other one."""
    closed, opened = PARTICLES[role]
    final = final_consonant(noun)
    # After ㄹ (index 8) the particle 으로 loses its vowel.
    takes_closed = final != 0 and not (role == "by" and final == 8)
    return noun + (closed if takes_closed is correct else opened)


def fill_sentence(template: str, words: list[str], correct: tuple[bool, ...]) -> str:
    """The template with each <role> replaced by the next word and its particle."""
    out, rest = [], template
    for word, right in zip(words, correct, strict=True):
        before, _, rest = rest.partition("<")
        role, _, rest = rest.partition(">")
        out += [before, with_particle(word, role, correct=right)]
    return "".join(out) + rest


def draw_sentence(rng: np.random.Generator) -> tuple[str, str]:
    """The opening and the rest of a sentence template, its person and action drawn."""
    opening, rest = SENTENCES[int(rng.integers(len(SENTENCES)))]
    person = with_particle(str(rng.choice(PEOPLE)), "topic")
    return opening.format(person=person), rest.format(action=rng.choice(ACTIONS))


def invented_nouns(count: int, rng: np.random.Generator) -> list[str]:
    """Invented two-syllable words, so that many final syllables are met with their particle."""
    syllables = sorted({syllable for noun in NOUNS for syllable in noun})
    pairs = rng.choice(syllables, size=(count, 2))
    words = ["".join(pair) for pair in pairs]
    return [word for word in words if word not in NOUNS]


def number_lines(count: int, rng: np.random.Generator) -> Iterator[str]:
    """Lines that give the reading of numbers kept for training."""
    # Drawn by length first: otherwise nine numbers in ten would have five digits.
    lengths = rng.integers(1, 6, size=count)
    for length in lengths:
        number = int(rng.integers(10 ** (length - 1), 10**length))
        if not is_held_out("number", str(number), 8):
            yield f"{number} 읽기: {read_number(number)}"


def particle_lines(count: int, rng: np.random.Generator) -> Iterator[str]:
    """Sentences in which every noun kept for training has its right particle."""
    real, invented = nouns(held_out=False), invented_nouns(count, rng)
    for _ in range(count):
        pool = real if rng.random() < 0.5 else invented
        words = [str(word) for word in rng.choice(pool, size=2, replace=False)]
        opening, rest = draw_sentence(rng)
        yield f"{opening} {fill_sentence(rest, words, (True, True))}"


def sums(*, held_out: bool, below: int = 40) -> list[tuple[int, int, str]]:
    """All sums and differences of one side of the split, as (left, right, word)."""
    out = []
    for left in range(below):
        for right in range(below):
            key = f"{min(left, right)}+{max(left, right)}"
            # A sum and its mirror are one fact, so they are held out together.
            if is_held_out("더하기", key, 8) is held_out:
                out.append((left, right, "더하기"))
            if right <= left and is_held_out("빼기", f"{left}-{right}", 8) is held_out:
                out.append((left, right, "빼기"))
    return out


def sum_text(left: int, right: int, word: str, *, spelled: bool) -> tuple[str, str]:
    """The question and the answer of one sum, in digits or spelled out."""
    result = left + right if word == "더하기" else left - right
    show = read_number if spelled else str
    return f"{show(left)} {word} {show(right)} 값:", f" {show(result)}"


def sum_lines(rng: np.random.Generator) -> Iterator[str]:
    """Every sum kept for training, in digits and spelled out, in a drawn order."""
    facts = [
        (fact, spelled) for fact in sums(held_out=False) for spelled in (False, True)
    ]
    for index in rng.permutation(len(facts)):
        fact, spelled = facts[int(index)]
        yield "".join(sum_text(*fact, spelled=spelled))
