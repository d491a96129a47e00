"""Reading a definition, and whether its parts agree."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

from dokja.benchmark.definitions.values import (
    AnswerForm,
    ColumnKind,
    FieldMapping,
    SuiteDefinition,
)
from dokja.benchmark.values import Scoring
from dokja.errors import InvalidInput
from dokja.evidence.canonical import read_as

PLACE = re.compile(r"\{([^{}]+)\}")
CHOSEN = frozenset({Scoring.CHOICES, Scoring.LETTER})


def parse_definition(text: str, *, where: str) -> SuiteDefinition:
    """The definition in the text of a TOML file, checked."""
    try:
        fields = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(
            f"definition {where} cannot be read: {error}", remedy="correct the file"
        ) from error
    definition = read_as(fields, SuiteDefinition, where=where)
    problems = "; ".join(_problems(definition))
    if problems:
        raise InvalidInput(
            f"definition {where}: {problems}", remedy="correct the definition"
        )
    return definition


def named_columns(mapping: FieldMapping) -> Iterator[str]:
    """Every column that the mapping reads."""
    for template in (mapping.question, mapping.id, mapping.cluster):
        yield from PLACE.findall(template)
    yield from mapping.choice_columns
    yield from (media.column for media in mapping.media)
    single = (
        mapping.choice_list,
        mapping.answer,
        mapping.target,
        mapping.tests,
        mapping.entry_point,
    )
    yield from filter(None, single)


def _problems(definition: SuiteDefinition) -> Iterator[str]:
    mapping, scorings = definition.mapping, set(definition.scorings)
    unknown = sorted(set(named_columns(mapping)) - set(definition.columns))
    unread = sorted(set(definition.columns) - set(named_columns(mapping)))
    if unknown or unread:
        yield f"columns and mapping differ: {', '.join([*unknown, *unread])}"
    if not scorings:
        yield "it names no scoring"
    yield from _kind_problems(definition)
    if scorings & CHOSEN:
        yield from _choice_problems(mapping)
        if scorings - CHOSEN:
            yield "it is scored by choices and by something else"
    yield from _written_problems(mapping, scorings)
    if scorings - {Scoring.CHOICES} and not definition.output_tokens:
        yield "it gives no output_tokens for written answers"


def _kind_problems(definition: SuiteDefinition) -> Iterator[str]:
    mapping = definition.mapping
    kinds = {media.column: ColumnKind.FILE for media in mapping.media}
    if mapping.choice_list:
        kinds[mapping.choice_list] = ColumnKind.TEXTS
    plain = (ColumnKind.TEXT, ColumnKind.NUMBER)
    for column, kind in definition.columns.items():
        if kind not in ((kinds[column],) if column in kinds else plain):
            yield f"column {column} is not read as {kind.value}"


def _written_problems(mapping: FieldMapping, scorings: set[Scoring]) -> Iterator[str]:
    if scorings & {Scoring.EXACT, Scoring.NUMBER} and not mapping.target:
        yield "it names no column of targets"
    if Scoring.CODE in scorings and not (mapping.tests and mapping.entry_point):
        yield "it names no tests or no entry point"
    if scorings & {Scoring.RULES, Scoring.JUDGE}:
        yield "rules and judges have no mapping"


def _choice_problems(mapping: FieldMapping) -> Iterator[str]:
    given = (mapping.choice_columns, mapping.choice_list, mapping.fixed_choices)
    if sum(map(bool, given)) != 1:
        yield "it must name its choices in exactly one way"
    form = mapping.answer_form
    if form is AnswerForm.FIRST and (not mapping.choice_columns or mapping.answer):
        yield "choice_first stands for columns of choices, without an answer"
    if form is not AnswerForm.FIRST and not mapping.answer:
        yield "it names no column of answers"
    if (form is AnswerForm.LETTER_AFTER) is not bool(mapping.answer_mark):
        yield "letter_after and answer_mark go together"
