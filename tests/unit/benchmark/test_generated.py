"""Generated suites: one right choice, and nothing but knowledge that finds it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable

import msgspec
import numpy as np
import pytest

from dokja.benchmark import competing_authors
from dokja.benchmark.generated import (
    TokenCounter,
    generate_suite,
    generated_headers,
    make_instructions,
)
from dokja.benchmark.generated.draws import Draws
from dokja.benchmark.generated.needles import (
    DEPTHS,
    LENGTHS,
    fitting_lengths,
    needle_draft,
)
from dokja.benchmark.generated.orthography_rules import DEEDS, TOWARDS
from dokja.benchmark.generated.tool_sums import PROBLEMS
from dokja.benchmark.suite import checked_suite
from dokja.benchmark.values import Item, Scoring, Tool
from dokja.benchmark.written import templates_digest
from dokja.errors import InvalidInput, Unavailable
from dokja.evidence.canonical import canonical_bytes, digest_of

PLAIN = ("ko-arithmetic", "ko-honorifics", "ko-number-reading", "ko-orthography")
WORDS = TokenCounter(name="words", count=lambda text: len(text.split()))
BEACONS = ("", "a", "b", "c", "d")


def _items(suite: str) -> list[Item]:
    return [
        item
        for beacon in BEACONS
        for item in generate_suite(suite, beacon=beacon).items
    ]


@pytest.mark.parametrize("suite", PLAIN)
def test_a_suite_is_equal_each_time_and_fresh_for_a_beacon(suite: str) -> None:
    """Equal bytes from the same seed; a beacon's set is another one."""
    first, fresh = generate_suite(suite), generate_suite(suite, beacon="drawn")
    assert canonical_bytes(first) == canonical_bytes(generate_suite(suite))
    assert first.items != fresh.items
    assert first.header.version != fresh.header.version
    assert first.header.items == len(first.items) == len(fresh.items)
    asked = {(item.question, item.choices[item.answer or 0]) for item in first.items}
    assert len(asked) == len(first.items)


@pytest.mark.parametrize("suite", PLAIN)
def test_neither_place_nor_length_gives_the_answer_away(suite: str) -> None:
    """Places differ by one at most; always the longest or shortest is near chance."""
    header = generate_suite(suite).header
    choices = round(1 / header.chance)
    for beacon in BEACONS:
        items = generate_suite(suite, beacon=beacon).items
        places = Counter(item.answer for item in items)
        assert max(places.values()) - min(places.values()) <= 1
        assert len(places) == choices
    shares = dict.fromkeys((min, max), 0.0)
    drawn = _items(suite)
    for item in drawn:
        lengths = [len(choice) for choice in item.choices]
        assert len(set(item.choices)) == choices
        for pick in shares:
            best = [n for n, length in enumerate(lengths) if length == pick(lengths)]
            shares[pick] += (item.answer in best) / len(best) / len(drawn)
    assert all(abs(share - header.chance) < 0.08 for share in shares.values()), shares


def _result(question: str) -> int:
    """The result of a sum, read from its signs or words again."""
    found = [int(number) for number in re.findall(r"\d+", question)]
    signs = (
        (r"^\(", lambda a, b, c: (a + b) * c),
        (r"\+.*×", lambda a, b, c: a + b * c),
        (r"\+|더 샀다", lambda a, b: a + b),
        (r" - |집에 갔다", lambda a, b: a - b),
        (r"×|한 상자", lambda a, b: a * b),
        (r"÷|연필", lambda a, b: a // b),
        (r"사탕", lambda a, b: a % b),
        (r"퍼센트", lambda a, b: a * b // 100),
    )
    work: Callable[..., int] = next(f for sign, f in signs if re.search(sign, question))
    return work(*found)


def test_one_result_of_a_sum_is_right() -> None:
    """By a second calculation from the text of the question."""
    for item in _items("ko-arithmetic"):
        values = [int(re.sub(r"\D", "", choice)) for choice in item.choices]
        assert [v == _result(item.question) for v in values] == [
            place == item.answer for place in range(4)
        ], item


def test_the_target_of_a_written_sum_is_its_result() -> None:
    """Nothing of the choices is left that could be copied."""
    for item in _items("ko-arithmetic-written"):
        assert item.target == str(_result(item.question))
        assert (item.choices, item.answer) == ((), None)
        assert not item.question.endswith("답:")
    chosen = {item.question for item in generate_suite("ko-arithmetic").items}
    written = generate_suite("ko-arithmetic-written")
    assert len(chosen & {item.question for item in written.items}) < 24
    assert written.header.prompt_template == templates_digest(Scoring.NUMBER)


def _worked_out(item: Item) -> int:
    """The answer, found from the words of the question by another way of counting."""
    head, _, rest = item.question.partition("\n")
    told = [int(number) for number in re.findall(r"\d+", head)]
    listed = sorted(int(number) for number in re.findall(r"\d+", rest))
    if item.cluster == "letters":
        (sought,) = re.findall("‘(.)’", head)
        return len(re.findall(sought, rest))
    if item.cluster == "days":
        first, last = (
            np.datetime64("{:04}-{:02}-{:02}".format(*told[n : n + 3])) for n in (0, 3)
        )
        return int((last - first).astype(int))
    if item.cluster == "power":
        return int(told[1] ** told[2] % told[0])
    if item.cluster == "divisor":
        a, b = told
        while b:
            a, b = b, a % b
        return a
    ways: dict[str, Callable[[], int]] = {
        "product": lambda: told[0] * told[1],
        "digits": lambda: sum(int(d) for d in str(told[0] ** told[1])),
        "total": lambda: int(np.sum(listed)),
        "middle": lambda: listed[len(listed) // 2],
        # The second number of the head is the 3 of the multiples.
        "above": lambda: sum(n for n in listed if n > told[0] and not n % told[1]),
    }
    return ways[item.cluster]()


def test_the_target_of_a_sum_with_a_tool_is_its_result() -> None:
    """Too long for the head, and the suite says which tool and how many turns."""
    suite = generate_suite("ko-tool-sums")
    drawn = _items("ko-tool-sums")
    for item in drawn:
        assert item.target == str(_worked_out(item)), item
    assert Counter(item.cluster for item in suite.items).keys() == PROBLEMS.keys()
    assert (suite.header.tools, suite.header.turns) == ((Tool.PYTHON,), 6)
    assert len({item.question for item in drawn}) == len(drawn)
    words = templates_digest(Scoring.NUMBER, (Tool.PYTHON,))
    assert suite.header.prompt_template == words != templates_digest(Scoring.NUMBER)


def test_written_suites_pass_the_checks_of_any_suite() -> None:
    """Fresh ones as well; every instruction is asked once."""
    for name in ("ko-arithmetic-written", "ko-instructions", "ko-tool-sums"):
        for beacon in BEACONS:
            suite = generate_suite(name, beacon=beacon)
            assert checked_suite(suite, where=name) == suite
            assert len({item.question for item in suite.items}) == len(suite.items)
            assert suite.header.chance == 0
    with pytest.raises(InvalidInput, match="no 5000 different"):
        make_instructions(count=5000)


SINO = {s: n for n, s in enumerate("영일이삼사오육칠팔구")}
NATIVE = ["하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉"]
BEFORE = ["한", "두", "세", "네", *NATIVE[4:]]
TENS = ["", "열", "스물", "서른", "마흔", "쉰"]


def _sino(text: str) -> int | None:
    """The number a Sino-Korean reading stands for, None for another text."""
    total = part = digit = 0
    for sign in text.replace(" ", ""):
        if sign in SINO:
            digit = SINO[sign]
        elif sign in "십백천":
            part += (digit or 1) * {"십": 10, "백": 100, "천": 1000}[sign]
            digit = 0
        elif sign == "만":
            total, part, digit = ((part + digit) or 1) * 10_000, 0, 0
        else:
            return None
    return total + part + digit


def _native(text: str) -> int | None:
    """The number of a native reading before a counter, None for another text."""
    known = {
        TENS[tens] + one: 10 * tens + ones
        for tens in range(6)
        for ones, one in enumerate(["", *BEFORE])
    }
    return {**known, "스물": None, "스무": 20}.get(text)


def _reads_right(item: Item, choice: str) -> bool:
    asked = [int(number) for number in re.findall(r"\d+", item.question)]
    words = choice.split()
    if item.cluster == "number to reading":
        return [_sino(choice)] == asked
    if item.cluster == "reading to number":
        reading = re.findall("‘(.*)’", item.question)[0]
        return _sino(reading) == int(choice)
    if item.cluster == "time":
        return [_native(words[0]), _sino(words[2])] == asked
    if item.cluster.startswith("month"):
        return [{"유월": 6, "시월": 10}.get(words[0]), _sino(words[1])] == asked
    read = _native if item.cluster == "native counter" else _sino
    return [read(words[0])] == asked


def test_one_reading_of_a_number_is_right() -> None:
    """By a reader of readings that shares nothing with the generator."""
    for item in _items("ko-number-reading"):
        right = [_reads_right(item, choice) for choice in item.choices]
        assert right == [place == item.answer for place in range(4)], item


def _last_jamo(word: str) -> str:
    return unicodedata.normalize("NFD", word)[-1]


def _closed(word: str) -> bool:
    return "\u11a8" <= _last_jamo(word) <= "\u11c2"


def _spelled_right(cluster: str, sentence: str) -> bool:
    """By patterns of the rule instead of the sentences that were written."""
    if cluster.endswith("되와 돼"):
        return not re.search(r"되[.서요]|됬|돼[면고는]|됀", sentence)
    if cluster.endswith("안과 않"):
        return bool(re.search(r" 안 |지 않", sentence))
    if "렬·률" in cluster:
        word, sign = re.findall(r"(\S+)([율률])", sentence)[0]
        after = not _closed(word) or _last_jamo(word) == "\u11ab"
        return (sign == "율") is after
    if cluster.endswith("의존 명사"):
        return bool(re.search(r" (수|것이|지|대로|리가|바를) ?", sentence))
    word, role = re.findall(
        r"(?:저기|그렸다|보아도|그림에|이름을|아이가) (\S+?)(으로|[이가을를은는과와로])"
        r"(?= )",
        sentence,
    )[0]
    closed = _closed(word) and not (role in "으로" and _last_jamo(word) == "\u11af")
    return (role in ("이", "을", "은", "과", "으로")) is closed


def test_one_sentence_is_spelled_right_where_a_pattern_can_tell() -> None:
    """Half of the rules: those that can be checked without the list itself."""
    told = ("되와 돼", "안과 않", "렬·률", "의존 명사", "표준국어대사전")
    checked = 0
    for item in _items("ko-orthography"):
        if any(word in item.cluster for word in told):
            right = [_spelled_right(item.cluster, choice) for choice in item.choices]
            assert right == [place == item.answer for place in range(2)], item
            checked += 1
    assert checked == 5 * 20 * 9


def test_every_spelling_item_cites_its_source() -> None:
    """An article by its number, or the dictionary for forms of particles."""
    for item in _items("ko-orthography"):
        assert re.match(r"한글 맞춤법 제\d+항|표준국어대사전: ", item.cluster)


def test_a_verb_honours_whom_it_should() -> None:
    """Honorific with an elder, plain with the younger and with things."""
    honorific = {deed[1] for deed in (*DEEDS, *TOWARDS)}
    for item in _items("ko-honorifics"):
        answer = item.answer or 0
        right, wrong = item.choices[answer], item.choices[1 - answer]
        ends = [choice.removesuffix(".").split()[-1] for choice in (right, wrong)]
        if item.cluster == "간접 높임":
            assert ends == ["있으시다", "계시다"]
        elif item.cluster == "사물 존대":
            assert re.search("(오셨|으십)", ends[1])
            assert not re.search("(오셨|으십)", ends[0])
        else:
            elder = re.search(r"께서 |\S께 ", right) is not None
            assert [end in honorific for end in ends] == [elder, not elder]


@pytest.mark.parametrize("tokens", sorted(LENGTHS.values()))
@pytest.mark.parametrize("depth", DEPTHS)
def test_a_fact_stands_at_its_depth_in_a_text_of_its_length(
    tokens: int, depth: int
) -> None:
    """From 4K to 128K tokens: full to the last sentence, and never longer."""
    draft = needle_draft(
        tokens, depth, counter=WORDS, draws=Draws("test", f"{tokens} {depth}")
    )
    assert tokens - 12 < WORDS.count(draft.question) <= tokens
    text, question = draft.question.split("\n\n")
    key = re.findall(r"질문: (.*) 보관함", question)[0]
    assert text.count(f"{key} 보관함의 번호는{draft.right}이다.") == 1
    before = WORDS.count(text[: text.index(key)])
    assert abs(100 * before / WORDS.count(text) - depth) < 1
    assert set(re.findall(r"\d+", text)) == {
        choice.strip() for choice in (draft.right, *draft.wrong)
    }


def test_a_needle_suite_needs_the_tokenizer_and_names_it() -> None:
    """Lengths in another model's tokens would be other lengths."""
    with pytest.raises(InvalidInput, match="measured in tokens"):
        generate_suite("ko-needle-4k")
    suite = generate_suite("ko-needle-4k", counter=WORDS)
    assert suite.header.version == "1+words"
    assert Counter(item.cluster for item in suite.items) == {
        f"depth {depth}%": 8 for depth in DEPTHS
    }
    with pytest.raises(InvalidInput, match="longer than 9 tokens"):
        needle_draft(9, 50, counter=WORDS, draws=Draws("test", "short"))
    with pytest.raises(Unavailable, match="no generated suite"):
        generate_suite("ko-nothing")


@pytest.mark.parametrize(
    ("context", "longest"),
    [(2048, None), (4096, None), (4112, "4k"), (32768 + 16, "32k"), (10**6, "128k")],
)
def test_a_model_is_asked_for_the_lengths_that_it_holds(
    context: int, longest: str | None
) -> None:
    """A question that fills the window leaves no room for its answer."""
    fitting = fitting_lengths(context)
    assert fitting == tuple(LENGTHS)[: len(fitting)]
    assert (fitting[-1] if fitting else None) == longest


def test_headers_are_whole_and_old_ones_keep_their_digests() -> None:
    """Each has its canary; a header without the new fields has the bytes it had."""
    headers = generated_headers()
    assert len({header.canary for header in headers}) == len(headers)
    old = {
        **msgspec.to_builtins(headers[0]),
        "title": {"ko": "가", "en": "a"},
    }
    for field in ("ceiling", "canary", "prompt_template"):
        old.pop(field, None)
    assert digest_of(msgspec.convert(old, type(headers[0]))) == digest_of(old)


def test_an_author_who_competes_is_flagged() -> None:
    """Whatever the case; a name inside another is somebody else."""
    header = msgspec.structs.replace(
        generated_headers()[0], authors=("Byeolbit", "byeol", "office")
    )
    assert competing_authors(header, ("byeolbit", "naru")) == ("Byeolbit",)
    assert competing_authors(header, ()) == ()
