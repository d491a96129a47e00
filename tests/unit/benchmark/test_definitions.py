"""Every definition turns rows of that set's own schema into a suite."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dokja.adapters.suites import SuiteFolder, read_rows
from dokja.benchmark.definitions import convert_rows, parse_definition
from dokja.benchmark.definitions.values import AnswerForm, ColumnKind
from dokja.benchmark.values import Scoring, Track
from dokja.benchmark.written import prompt_of, score_answer
from dokja.errors import InvalidInput, Unavailable
from dokja.wiring.suites import (
    convert_file,
    find_definition,
    keep_suite,
    shipped_definitions,
)
from tests.definition_fixtures import FIXTURES, PICTURE
from tests.unit.house.repository import PACKAGE

SETS = shipped_definitions()
KMMLU = PACKAGE / "benchmark" / "definitions" / "sets" / "kmmlu.toml"
WRITTEN = {Scoring.NUMBER: "정답: {target}", Scoring.EXACT: "정답: {target}"}


def test_every_definition_has_rows_of_its_own_schema() -> None:
    """A definition that nothing was run through would be a guess."""
    assert sorted(SETS) == sorted(FIXTURES)


@pytest.mark.parametrize("name", sorted(SETS))
def test_two_rows_become_two_items(name: str) -> None:
    """In every way of scoring; right answers score 1 and others 0."""
    definition = SETS[name]
    for scoring in definition.scorings:
        made = convert_rows(definition, FIXTURES[name], where=name, scoring=scoring)
        assert made.left_out == ()
        suite = made.suite
        assert len(suite.items) == 2
        assert (suite.header.scoring, suite.header.domain) == (
            scoring,
            definition.domain,
        )
        for item in suite.items:
            assert "{" not in item.question
            if scoring is Scoring.LETTER:
                assert prompt_of(suite.header, item).endswith((".", "."))
                right = "ABCDE"[item.answer or 0]
                assert score_answer(scoring, item, f"정답: {right}") == (
                    item.answer,
                    1,
                )
                assert score_answer(scoring, item, "정답: Z") == (None, 0)
            elif scoring in WRITTEN:
                answer = WRITTEN[scoring].format(target=item.target)
                assert score_answer(scoring, item, answer) == (None, 1)
                assert score_answer(scoring, item, "정답: 98765") == (None, 0)


@pytest.mark.parametrize(
    "name",
    sorted(
        name
        for name, found in SETS.items()
        if Scoring.CODE not in found.scorings
        and Scoring.NUMBER not in found.scorings
        and found.mapping.answer_form is not AnswerForm.FIRST
    ),
)
def test_the_right_choice_is_found_however_it_is_told(name: str) -> None:
    """From zero, from one, by letter, by text, after a mark: always the second."""
    made = convert_rows(SETS[name], FIXTURES[name], where=name)
    assert [item.answer for item in made.suite.items] == [1, 1]


@pytest.mark.parametrize("name", sorted(SETS))
def test_a_table_without_a_column_is_refused(name: str) -> None:
    """And names the column, before any item is made."""
    for column in SETS[name].columns:
        cut = [
            {key: cell for key, cell in row.items() if key != column}
            for row in FIXTURES[name]
        ]
        with pytest.raises(InvalidInput, match="lacks the columns") as caught:
            convert_rows(SETS[name], cut, where=name)
        assert column in caught.value.fact


def test_choices_are_listed_with_letters_or_go_on() -> None:
    """As the sets' own recipes do it."""
    (listed, _) = convert_rows(SETS["kmmlu"], FIXTURES["kmmlu"], where="x").suite.items
    assert listed.question.splitlines()[1:] == [
        "A. 빨강",
        "B. 파랑",
        "C. 노랑",
        "D. 초록",
        "정답:",
    ]
    assert listed.choices == (" A", " B", " C", " D")
    name = "kobest-boolq"
    (goes_on, other) = convert_rows(SETS[name], FIXTURES[name], where="x").suite.items
    assert goes_on.choices == (" 아니오", " 예")
    assert goes_on.cluster == other.cluster == "하늘은 파랗다."


def test_an_order_of_choices_is_drawn_once_and_for_all() -> None:
    """The right one comes first in the table, and not always in the item."""
    row = dict(FIXTURES["gpqa-diamond"][0])
    rows = [{**row, "Question": f"Invented {n}?"} for n in range(40)]
    made = convert_rows(SETS["gpqa-diamond"], rows, where="x")
    again = convert_rows(SETS["gpqa-diamond"], rows, where="x")
    assert made == again
    places = {item.answer for item in made.suite.items}
    assert places == {0, 1, 2, 3}
    for item in made.suite.items:
        assert item.choices[item.answer or 0] == "right"


def test_what_cannot_become_an_item_is_left_out_and_said() -> None:
    """By row and reason, and in the source of the suite."""
    good = FIXTURES["kmmlu"]
    bad = [
        {**good[0], "answer": 5},
        {**good[0], "answer": "zwei"},
        {**good[0], "B": good[0]["A"]},
        {**good[0], "question": " "},
        {**good[0], "C": ""},
        {**good[0], "question": ["a"]},
        {**good[0], "answer": None},
    ]
    made = convert_rows(SETS["kmmlu"], [*bad, *good], where="x")
    assert [left.row for left in made.left_out] == [1, 2, 3, 4, 5, 6, 7]
    assert len({left.reason for left in made.left_out}) >= 4
    assert made.suite.header.source.endswith("; 7 rows left out")
    assert [item.id for item in made.suite.items] == ["000008", "000009"]
    assert made.suite.header.items == 2
    numeric = [{"question": "x", "answer": r"\frac{1}{2}"}, *FIXTURES["hrm8k"]]
    (left,) = convert_rows(SETS["hrm8k"], numeric, where="x").left_out
    assert "is not a number" in left.reason
    with pytest.raises(InvalidInput, match="at least two items"):
        convert_rows(SETS["kmmlu"], bad, where="x")


def test_another_file_is_another_version() -> None:
    """The version names the items and not just the set."""
    rows = FIXTURES["aime-2024"]
    first = convert_rows(SETS["aime-2024"], rows, where="x").suite.header
    other = convert_rows(SETS["aime-2024"], rows[::-1], where="x").suite.header
    assert first.version != other.version
    twice = convert_rows(SETS["click"], [*FIXTURES["click"]] * 2, where="x").suite
    assert [item.id for item in twice.items] == ["A_1", "A_2", "A_1#2", "A_2#2"]


def test_pictures_are_kept_under_names_of_ours(tmp_path: Path) -> None:
    """A table that names its files `../…` leads nowhere."""
    made = convert_rows(SETS["k-dtcbench"], FIXTURES["k-dtcbench"], where="x")
    (media,) = made.suite.items[0].media
    assert media.track is Track.IMAGE
    assert media.path.startswith("media/000001-0-")
    assert media.path.endswith(".png")
    assert made.media[media.path] == PICTURE["bytes"]
    keep_suite(made.suite, tmp_path / "kept", made.media)
    assert SuiteFolder(tmp_path / "kept").suite() == made.suite


@pytest.mark.parametrize("ending", ["parquet", "jsonl", "csv"])
def test_a_local_file_of_the_set_is_converted(tmp_path: Path, ending: str) -> None:
    """The same suite from every format, though CSV knows no numbers."""
    rows = [dict(row) for row in FIXTURES["kmmlu"]]
    place = tmp_path / f"kmmlu.{ending}"
    if ending == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), place)
    elif ending == "jsonl":
        place.write_text("\n".join(json.dumps(row) for row in rows))
    else:
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0])
        writer.writeheader()
        writer.writerows(rows)
        place.write_text(text.getvalue())
    assert (
        convert_file("kmmlu", place).suite
        == convert_rows(SETS["kmmlu"], rows, where="x").suite
    )
    assert convert_file("kmmlu", place, scoring=Scoring.LETTER).suite.items
    with pytest.raises(InvalidInput, match="is not scored by code"):
        convert_file("kmmlu", place, scoring=Scoring.CODE)


def test_bytes_in_parquet_are_pictures(tmp_path: Path) -> None:
    """As the tables of multimodal sets hold them."""
    place = tmp_path / "k.parquet"
    pq.write_table(pa.Table.from_pylist([*map(dict, FIXTURES["k-dtcbench"])]), place)
    assert read_rows(place)[0]["image"] == PICTURE
    assert convert_file("k-dtcbench", place).media


def test_an_office_writes_its_own_definition(tmp_path: Path) -> None:
    """What an agency has in a schema of its own needs no code."""
    source = KMMLU.read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(source.replace('id = "kmmlu"', 'id = "office"'))
    assert find_definition(str(own)).id == "office"
    with pytest.raises(Unavailable, match="no definition 'nothing'"):
        find_definition("nothing")


@pytest.mark.parametrize(
    ("old", "new", "fact"),
    [
        ('question = "{question}"', 'question = "{title}"', "mapping differ: title"),
        ('answer = "answer"', 'answer = ""', "no column of answers"),
        ('scorings = ["choices", "letter"]', "scorings = []", "no scoring"),
        ('["choices", "letter"]', '["choices", "number"]', "something else"),
        ('["choices", "letter"]', '["judge"]', "rules and judges"),
        ('["choices", "letter"]', '["code"]', "no tests"),
        ("output_tokens = 2048", "output_tokens = 0", "no output_tokens"),
        ('question = "plain_text"', 'question = "file"', "not read as file"),
        ('"from_one"', '"letter_after"', "go together"),
        ('answer_form = "from_one"', 'answer_form = "choice_first"', "choice_first"),
        ("[mapping]", "[mapping]\nfixed_choices = ['x']", "exactly one way"),
        ("[mapping]", "[[mapping]", "cannot be read"),
        ('track = "text"', 'track = "smell"', "smell"),
    ],
)
def test_a_definition_that_contradicts_itself_is_refused(
    old: str, new: str, fact: str
) -> None:
    """Before a file is read with it."""
    text = KMMLU.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(InvalidInput, match=fact):
        parse_definition(text.replace(old, new), where="kmmlu")


def test_definitions_say_where_they_come_from() -> None:
    """Unread terms are no licence; an exam of the law has its domain."""
    for definition in SETS.values():
        assert definition.schema_source
        unread = definition.licence == "NOASSERTION"
        told = "not read by us" in definition.licence_source
        assert not unread or told or "not in it" in definition.licence_source
        assert set(definition.columns.values()) <= set(ColumnKind)
    assert {SETS[name].domain for name in ("kbl-bar-exam", "kormedmcqa")} == {
        "law",
        "medicine",
    }
    tracks = {definition.track for definition in SETS.values()}
    assert tracks == {Track.TEXT, Track.IMAGE, Track.AUDIO}
