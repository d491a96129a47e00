"""Builds the seven suites of the example stage from held-out text and from rules.

    python examples/training/build_suites.py

Every item is a question with four choices of about equal length; a model answers by the choice it
finds likeliest. No question and no true answer stands in a training document.
"""

from __future__ import annotations

import gzip
import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import korean_rules as rules
import numpy as np
import suite_list as suites
from recipes import EXAMPLES

SUITES = EXAMPLES / "programme" / "stage-1" / "suites"
SEED = 30870
ITEMS = 150
CHOICES = 4
PREPOSITIONS = ("of", "in", "to", "for", "from", "with", "by", "on", "at", "as")
PREPOSITION = re.compile(rf" ({'|'.join(PREPOSITIONS)}) ")


@dataclass(frozen=True)
class Draft:
    """An item before its choices are put in order: the true answer comes first."""

    question: str
    choices: tuple[str, ...]
    cluster: str


@dataclass(frozen=True)
class Passage:
    """Two pieces of held-out text of which the second follows the first."""

    document: str
    first: str
    second: str


class Corpus:
    """The corpus with its two sides apart."""

    def __init__(self, *sources: str) -> None:
        self.held_out: list[tuple[str, str]] = []
        train: list[str] = []
        for source in sources:
            with gzip.open(
                EXAMPLES / "corpus" / f"{source}.jsonl.gz", "rt", encoding="utf-8"
            ) as lines:
                for row in map(json.loads, lines):
                    if row["split"] == "held_out":
                        self.held_out.append((row["id"], row["text"]))
                    else:
                        train.append(row["text"])
        self.train = "\n".join(train)


def particle_drafts(rng: np.random.Generator) -> Iterator[Draft]:
    """Sentences with two held-out nouns: which pair of particles is right?"""
    nouns, seen = rules.nouns(held_out=True), set()
    while True:
        words = [str(word) for word in rng.choice(nouns, size=2, replace=False)]
        opening, rest = rules.draw_sentence(rng)
        if (rest, *words) in seen:
            continue
        seen.add((rest, *words))
        rights = ((True, True), (True, False), (False, True), (False, False))
        filled = tuple(
            " " + rules.fill_sentence(rest, words, right) for right in rights
        )
        yield Draft(opening, filled, cluster=words[1])


def number_drafts(rng: np.random.Generator) -> Iterator[Draft]:
    """Numbers of three to five digits: which reading is right?"""
    seen: set[int] = set()
    while True:
        length = int(rng.integers(3, 6))
        number = int(rng.integers(10 ** (length - 1), 10**length))
        if number in seen or not rules.is_held_out("number", str(number), 8):
            continue
        seen.add(number)
        near = _near_numbers(number, rng)
        readings = tuple(f" {rules.read_number(value)}" for value in (number, *near))
        yield Draft(
            f"{number} 읽기:",
            readings,
            cluster=f"{length} digits, {str(number)[0]} first",
        )


def _near_numbers(number: int, rng: np.random.Generator) -> list[int]:
    """Three other numbers with as many non-zero digits: two digits swapped or one changed."""
    digits, found = list(str(number)), []
    while len(found) < CHOICES - 1:
        other = digits.copy()
        place, second = (int(p) for p in rng.choice(len(digits), size=2, replace=False))
        if rng.random() < 0.5:
            other[place], other[second] = other[second], other[place]
        elif other[place] != "0":
            other[place] = str(rng.integers(1, 10))
        value = int("".join(other))
        if other[0] != "0" and value != number and value not in found:
            found.append(value)
    return found


def sum_drafts(rng: np.random.Generator) -> Iterator[Draft]:
    """Sums and differences never met in training, half of them spelled out."""
    facts = [
        fact
        for fact in rules.sums(held_out=True)
        if fact[2] == "빼기" or fact[0] <= fact[1]
    ]
    for index, place in enumerate(rng.permutation(len(facts))):
        left, right, word = facts[int(place)]
        spelled = index % 2 == 1
        question, answer = rules.sum_text(left, right, word, spelled=spelled)
        result = left + right if word == "더하기" else left - right
        gaps = rng.permutation([-13, -11, -8, -6, 6, 8, 11, 13])
        wrong = [result + int(gap) for gap in gaps if result + int(gap) >= 0][
            : CHOICES - 1
        ]
        show = rules.read_number if spelled else str
        yield Draft(
            question,
            (answer, *(f" {show(value)}" for value in wrong)),
            cluster=f"{left} {word}",
        )


def half_sentences(corpus: Corpus) -> list[Passage]:
    """Held-out sentences of middle length, each cut at the space nearest its middle."""
    found = []
    for document, sentence in _sentences(corpus):
        spaces = [match.start() for match in re.finditer(" ", sentence)]
        if spaces:
            cut = min(spaces, key=lambda place: abs(place - len(sentence) / 2))
            found.append(Passage(document, sentence[:cut], sentence[cut:]))
    return found


def preposition_cuts(corpus: Corpus) -> list[Passage]:
    """Held-out English sentences, cut before each preposition that has text on both sides."""
    return [
        Passage(document, sentence[: match.start()], sentence[match.start() :])
        for document, sentence in _sentences(corpus)
        for match in PREPOSITION.finditer(sentence)
        if 15 < match.start() < len(sentence) - 12
    ]


def _sentences(corpus: Corpus) -> Iterator[tuple[str, str]]:
    for document, text in corpus.held_out:
        for sentence in re.split(r"(?<=[.!?])\s+|\n", text):
            if 40 <= len(sentence) <= 150 and sentence.endswith("."):
                yield document, sentence


def passage_drafts(
    corpus: Corpus,
    passages: list[Passage],
    others: Callable[[str, np.random.Generator], list[str] | None],
    a_document: int,
    rng: np.random.Generator,
) -> Iterator[Draft]:
    """Pieces of text and what truly follows, among others made from the true piece.

    At most so many items come from a document, so that one long page does not carry the
    suite.
    """
    used: Counter[str] = Counter()
    sentences: set[str] = set()
    for place in rng.permutation(len(passages)):
        passage = passages[int(place)]
        known = passage.first in corpus.train or passage.second.strip() in corpus.train
        sentence = passage.first + passage.second
        if known or sentence in sentences or used[passage.document] == a_document:
            continue
        wrong = others(passage.second, rng)
        if wrong is not None:
            used[passage.document] += 1
            sentences.add(sentence)
            choices = (passage.second, *wrong)
            yield Draft(passage.first, choices, cluster=passage.document)


def balanced(drafts: Iterator[Draft], each: int) -> Iterator[Draft]:
    """The drafts until each first word of an answer has come so many times.

    Otherwise a model that always prefers "of" would be right half of the time.
    """
    taken: Counter[str] = Counter()
    for draft in drafts:
        word = draft.choices[0].split()[0]
        if taken[word] < each:
            taken[word] += 1
            yield draft


def neighbours_changed_over(text: str, rng: np.random.Generator) -> list[str] | None:
    """The text with two neighbouring words changed over, three times, or None if too short."""
    return _changed_over(text, lambda left, right: right == left + 1, rng)


def words_changed_over(text: str, rng: np.random.Generator) -> list[str] | None:
    """The text with any two words changed over, three times, or None if too short."""
    return _changed_over(text, lambda left, right: left < right, rng)


def _changed_over(
    text: str, wanted: Callable[[int, int], bool], rng: np.random.Generator
) -> list[str] | None:
    words = text.split()
    if not 5 <= len(words) <= 10:
        return None
    # The last word stays: it carries the full stop and would give the answer away.
    pairs = itertools.combinations(range(len(words) - 1), 2)
    kept = [pair for pair in pairs if wanted(*pair)]
    found: list[str] = []
    for index in rng.permutation(len(kept)):
        left, right = kept[int(index)]
        other = words.copy()
        other[left], other[right] = other[right], other[left]
        if other != words:
            found.append(" " + " ".join(other))
    return found[: CHOICES - 1] if len(found) >= CHOICES - 1 else None


def other_prepositions(text: str, rng: np.random.Generator) -> list[str]:
    """The text with its first word replaced by three other prepositions."""
    first, rest = text.split(maxsplit=1)
    others = [word for word in PREPOSITIONS if word != first]
    return [
        f" {word} {rest}" for word in rng.choice(others, CHOICES - 1, replace=False)
    ]


def term_drafts(corpus: Corpus, rng: np.random.Generator) -> Iterator[Draft]:
    """Interface terms of two words or more: which Korean term is it?"""
    lines = "\n".join(text for _, text in corpus.held_out).split("\n")
    pairs = [tuple(line.split(" = ", 1)) for line in lines if " = " in line]
    pairs = [
        (english, korean)
        for english, korean in pairs
        if " " in english and len(korean) >= 4
    ]
    seen: set[str] = set()
    for place in rng.permutation(len(pairs)):
        english, korean = pairs[int(place)]
        near = sorted({k for _, k in pairs if k != korean and len(k) == len(korean)})
        if (
            korean in seen
            or len(near) < CHOICES - 1
            or f"{english} = {korean}" in corpus.train
        ):
            continue
        seen.add(korean)
        others = rng.choice(near, size=CHOICES - 1, replace=False)
        head = re.sub(r"\W", "", english.split()[-1]).lower()
        yield Draft(
            f"{english} =",
            tuple(f" {k}" for k in (korean, *map(str, others))),
            cluster=head,
        )


def write_suite(
    suite: suites.Suite, drafts: Iterator[Draft], rng: np.random.Generator
) -> None:
    """Nothing; writes a suite's items with the answers spread evenly over the four places."""
    items = list(itertools.islice(drafts, ITEMS))
    places = rng.permutation(np.arange(len(items)) % CHOICES)
    rows = []
    for number, (draft, place) in enumerate(zip(items, places, strict=True), start=1):
        wrong = [str(choice) for choice in rng.permutation(draft.choices[1:])]
        choices = [*wrong[:place], draft.choices[0], *wrong[place:]]
        rows.append({
            "id": f"{suite.id}-{number:03d}",
            "question": draft.question,
            "choices": choices,
            "answer": int(place),
            "cluster": draft.cluster,
        })  # fmt: skip
    folder = SUITES / suite.id
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "items.jsonl").write_text(text, encoding="utf-8")
    (folder / "suite.toml").write_text(_suite_toml(suite, len(rows)), encoding="utf-8")
    print(
        f"{suite.id:16s} {len(rows)} items, {len({row['cluster'] for row in rows})} clusters"
    )


def _suite_toml(suite: suites.Suite, items: int) -> str:
    def text(value: str) -> str:
        return json.dumps(value, ensure_ascii=False)

    def both(value: dict[str, str]) -> str:
        return f"{{ ko = {text(value['ko'])}, en = {text(value['en'])} }}"

    return (
        f"id = {text(suite.id)}\n"
        'version = "1"\n'
        f"title = {both(suite.title)}\n"
        'track = "text"\n'
        f"language = {text(suite.language)}\n"
        f"licence = {text(suite.licence)}\n"
        'authors = ["Dokja"]\n'
        f"source = {text(suite.source)}\n"
        f"description = {both(suite.description)}\n"
        f"chance = {1 / CHOICES}\n"
        f"items = {items}\n"
    )


def main() -> None:
    """Writes every suite, each from its own stream of draws."""
    korean, english = Corpus("help-ko"), Corpus("help-en")
    python, terms = Corpus("python-en"), Corpus("terms")

    def stream(number: int) -> np.random.Generator:
        return np.random.Generator(np.random.Philox(SEED + number))

    prepositions = passage_drafts(
        english, preposition_cuts(english), other_prepositions, 4, stream(3)
    )
    made = (
        (suites.KO_PARTICLE, particle_drafts(stream(0))),
        (suites.KO_NUMBER, number_drafts(stream(1))),
        (
            suites.KO_CONTINUATION,
            passage_drafts(
                korean, half_sentences(korean), neighbours_changed_over, 4, stream(2)
            ),
        ),
        (suites.EN_CONTINUATION, balanced(prepositions, ITEMS // len(PREPOSITIONS))),
        (suites.UI_TERMS, term_drafts(terms, stream(4))),
        (suites.SMALL_SUMS, sum_drafts(stream(5))),
        (
            suites.DOC_ORDER,
            passage_drafts(
                python, half_sentences(python), words_changed_over, 6, stream(6)
            ),
        ),
    )
    for number, (suite, drafts) in enumerate(made):
        write_suite(suite, drafts, stream(100 + number))


if __name__ == "__main__":
    main()
