"""From the rows of a published set, in its own schema, to a suite.

A row that cannot become an item is left out with its reason, and the suite's
source says how many were: never a silent gap.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from msgspec import structs

from dokja.benchmark.definitions.cells import (
    Row,
    Unreadable,
    check_columns,
    file_of,
    filled,
    number_of,
    text_of,
    texts_of,
)
from dokja.benchmark.definitions.read import CHOSEN
from dokja.benchmark.definitions.values import (
    AnswerForm,
    ConvertedSuite,
    FieldMapping,
    LeftOutRow,
    SuiteDefinition,
)
from dokja.benchmark.generated.draws import Draws
from dokja.benchmark.suite import checked_suite, item_problem
from dokja.benchmark.values import Item, Media, Scoring, Suite, SuiteHeader
from dokja.benchmark.written import templates_digest
from dokja.benchmark.written.prompts import LETTERS
from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_bytes, digest_of

ANSWER_CUE = {"ko": "정답:", "en": "Answer:"}
_LETTER = re.compile(rf"\W*([{LETTERS}])\b")
_OWN_LETTER = re.compile(rf"\s*\(?[{LETTERS}][.):]\s*")
_NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")


def convert_rows(
    definition: SuiteDefinition,
    rows: Sequence[Row],
    *,
    where: str,
    scoring: Scoring | None = None,
) -> ConvertedSuite:
    """The suite of these rows, scored as the definition means or as one asks.

    Raises: InvalidInput where columns are missing, the set cannot be scored
    that way, or fewer than two rows become items.
    """
    scoring = scoring or definition.scorings[0]
    if scoring not in definition.scorings:
        able = ", ".join(way.value for way in definition.scorings)
        raise InvalidInput(
            f"{definition.id} is not scored by {scoring.value}",
            remedy=f"it is scored by {able}",
        )
    for row in rows:
        check_columns(row, definition.columns, where=where)
    reading = _Reading(definition, scoring)
    for number, row in enumerate(rows, start=1):
        reading.take(number, row)
    header = _header(definition, scoring, reading, taken=digest_of(reading.digests))
    suite = Suite(header=header, items=tuple(reading.items))
    return ConvertedSuite(
        suite=checked_suite(suite, where=where),
        media=reading.media,
        left_out=tuple(reading.left_out),
    )


class _Reading:
    """Items as they are read, row by row."""

    def __init__(self, definition: SuiteDefinition, scoring: Scoring) -> None:
        self.items: list[Item] = []
        self.media: dict[str, bytes] = {}
        self.left_out: list[LeftOutRow] = []
        self.digests: list[str] = []
        self._definition = definition
        self._scoring = scoring
        self._names: Counter[str] = Counter()

    def take(self, number: int, row: Row) -> None:
        """Nothing; keeps the row's item, or why it has none."""
        name = f"{number:06d}"
        try:
            mapping = self._definition.mapping
            name = filled(mapping.id, row) or name
            self._names[name] += 1
            # Some sets number their parts alike, so a second one is told apart.
            if self._names[name] > 1:
                name = f"{name}#{self._names[name]}"
            shown = [
                _shown(mapping, row, name, place) for place in range(len(mapping.media))
            ]
            item = _item(self._definition, self._scoring, row, name)
            item = structs.replace(item, media=tuple(media for media, _ in shown))
            problem = item_problem(item, self._scoring)
            if problem:
                raise Unreadable(problem)
        except Unreadable as error:
            self.left_out.append(LeftOutRow(row=number, reason=str(error)))
            return
        self.items.append(item)
        self.digests.append(digest_of(item))
        self.media.update({media.path: data for media, data in shown})


def _header(
    definition: SuiteDefinition, scoring: Scoring, reading: _Reading, *, taken: str
) -> SuiteHeader:
    left = len(reading.left_out)
    missing = f"; {left} rows left out" if left else ""
    return SuiteHeader(
        id=definition.id,
        # The items themselves: whoever converts another file has another version.
        version=f"{definition.revision}+{taken.removeprefix('sha256:')[:12]}",
        title=definition.title,
        description=definition.description,
        track=definition.track,
        language=definition.language,
        licence=definition.licence,
        authors=definition.authors,
        source=f"{definition.dataset}{missing}",
        chance=definition.chance,
        items=len(reading.items),
        ceiling=definition.ceiling,
        prompt_template=_template_digest(definition, scoring),
        scoring=scoring,
        output_tokens=0 if scoring is Scoring.CHOICES else definition.output_tokens,
        domain=definition.domain,
    )


def _template_digest(definition: SuiteDefinition, scoring: Scoring) -> str:
    around = ANSWER_CUE if scoring is Scoring.CHOICES else templates_digest(scoring)
    return digest_of({"question": definition.mapping.question, "around": around})


def _item(definition: SuiteDefinition, scoring: Scoring, row: Row, name: str) -> Item:
    mapping = definition.mapping
    question = filled(mapping.question, row)
    if not question:
        raise Unreadable("the question is empty")
    cluster = filled(mapping.cluster, row) or name
    if scoring in CHOSEN:
        return _chosen_item(definition, scoring, row, (name, question, cluster))
    fields: dict[str, Any] = {}
    if scoring is Scoring.CODE:
        fields["tests"] = str(row[mapping.tests])
        fields["entry_point"] = text_of(row, mapping.entry_point)
        # A program is asked for as it stands: its indentation is part of it.
        question = str(row[mapping.question.strip("{}")])
    else:
        fields["target"] = _target(mapping, row, scoring)
    return Item(id=name, question=question, cluster=cluster, **fields)


def _target(mapping: FieldMapping, row: Row, scoring: Scoring) -> str:
    text = text_of(row, mapping.target)
    if mapping.target_mark:
        _, mark, text = text.rpartition(mapping.target_mark)
        if not mark:
            raise Unreadable(f"{mapping.target} lacks {mapping.target_mark!r}")
    text = text.strip()
    if scoring is Scoring.NUMBER and not _NUMBER.fullmatch(text):
        raise Unreadable(f"the target {text[:40]!r} is not a number")
    return text


def _chosen_item(
    definition: SuiteDefinition,
    scoring: Scoring,
    row: Row,
    known: tuple[str, str, str],
) -> Item:
    (name, question, cluster), mapping = known, definition.mapping
    choices = _choices(mapping, row)
    if len(choices) > len(LETTERS):
        raise Unreadable(f"it offers {len(choices)} choices")
    answer = _answer(mapping, row, choices)
    if mapping.answer_form is AnswerForm.FIRST:
        order = Draws(definition.id, f"order of {name}").shuffled(range(len(choices)))
        choices, answer = tuple(choices[n] for n in order), order.index(0)
    if len(set(choices)) != len(choices) or not 0 <= answer < len(choices):
        raise Unreadable("its choices are not different, or the answer is none of them")
    if scoring is Scoring.CHOICES:
        question, choices = _as_likelihoods(definition, question, choices)
    return Item(
        id=name, question=question, choices=choices, answer=answer, cluster=cluster
    )


def _as_likelihoods(
    definition: SuiteDefinition, question: str, choices: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """Question and choices as a model goes on with them."""
    if definition.mapping.continued:
        return question, tuple(f" {choice}" for choice in choices)
    letters = LETTERS[: len(choices)]
    named = [f"{a}. {choice}" for a, choice in zip(letters, choices, strict=True)]
    cue = ANSWER_CUE["ko" if definition.language == "ko" else "en"]
    return "\n".join([question, *named, cue]), tuple(f" {a}" for a in letters)


def _choices(mapping: FieldMapping, row: Row) -> tuple[str, ...]:
    if mapping.fixed_choices:
        return mapping.fixed_choices
    if mapping.choice_list:
        found = texts_of(row, mapping.choice_list)
    else:
        found = tuple(text_of(row, column) for column in mapping.choice_columns)
    if mapping.strip_letters:
        found = tuple(_OWN_LETTER.sub("", choice, count=1) for choice in found)
    while found and not found[-1]:
        found = found[:-1]
    if not all(found):
        raise Unreadable("a choice is empty")
    return found


def _answer(mapping: FieldMapping, row: Row, choices: Sequence[str]) -> int:
    form = mapping.answer_form
    if form is AnswerForm.FIRST:
        return 0
    if form is AnswerForm.FROM_ZERO:
        return number_of(row, mapping.answer)
    if form is AnswerForm.FROM_ONE:
        return number_of(row, mapping.answer) - 1
    text = text_of(row, mapping.answer)
    if form is AnswerForm.CHOICE:
        return choices.index(text) if text in choices else -1
    if form is AnswerForm.LETTER_AFTER:
        text = text.rpartition(mapping.answer_mark)[2]
    found = _LETTER.match(text)
    return LETTERS.index(found[1]) if found else -1


def _shown(
    mapping: FieldMapping, row: Row, name: str, place: int
) -> tuple[Media, bytes]:
    """What the item shows, under a name of ours: the set's own may lead anywhere."""
    column = mapping.media[place]
    data, path = file_of(row, column.column)
    own = _ENDING.search(path)
    ending = own[0].lower() if own else column.ending
    digest = digest_bytes(data)
    safe = re.sub(r"[^A-Za-z0-9_-]", "_", name)[:60]
    part = digest.removeprefix("sha256:")[:16]
    path = f"media/{safe}-{place}-{part}{ending}"
    return Media(track=column.track, path=path, digest=digest), data
