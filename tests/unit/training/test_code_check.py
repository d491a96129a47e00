"""V16 knows the recorded code, and names what of it is known code."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dokja.adapters.records import MaterialsFolder, RecordFolder, program_digest
from dokja.training import Trusted
from dokja.training.checks.case import Audit, Case
from dokja.training.checks.v16_code import code
from dokja.training.known_code import CodeTree, dropped_notices, resemblances
from dokja.training.reading import read_record
from tests.recorded_run import write_keys
from tests.written_record import WrittenRecord

OWN = "\n".join(f"def own_{n}(x):\n    return x * {n} + seen[{n}]" for n in range(20))
KNOWN = "\n".join(
    f"class Layer{n}:\n    size = {n}\n    bias = None" for n in range(20)
)
LICENCE = "Copyright the authors. Use it as you like, and keep this notice with it."
UPSTREAM = CodeTree("upstream", {"layers.py": KNOWN, "LICENSE": LICENCE})


def _case(folder: Path, files: dict[str, str], *, changed: bool | None = False) -> Case:
    """A record of this code, which was handed in."""
    program = folder / "materials" / "program"
    program.mkdir(parents=True)
    for name, text in files.items():
        (program / name).write_text(text)
    key, _ = write_keys(folder, "team")
    digest = program_digest(program)
    record = WrittenRecord(folder / "record", key, code=digest, code_changed=changed)
    record.close()
    source = RecordFolder(folder / "record")
    audit = Audit(
        materials=MaterialsFolder(folder / "materials"), known_code=(UPSTREAM,)
    )
    return Case(read_record(source), source, Trusted(), audit)


def _result(case: Case) -> tuple[str, str]:
    result, detail = code(case)
    return result.value, detail.en


def test_own_code_passes(tmp_path: Path) -> None:
    """It is the recorded one and resembles nothing."""
    result, said = _result(_case(tmp_path, {"train.py": OWN}))
    assert (result, "0 resemble" in said) == ("pass", True), said


def test_code_under_its_notice_passes_and_is_named(tmp_path: Path) -> None:
    """With another header, other comments and other spaces."""
    copied = "# Copyright me\n" + KNOWN.replace("    ", "\t").replace(
        "= 0", "= 0  # none"
    )
    files = {"model.py": copied, "train.py": OWN, "THIRD-PARTY": LICENCE}
    result, said = _result(_case(tmp_path, files))
    assert (result, "model.py 100% upstream" in said) == ("pass", True), said


def test_a_dropped_notice_is_a_question(tmp_path: Path) -> None:
    """It may stand where nobody looked, so it is no accusation."""
    result, said = _result(_case(tmp_path, {"model.py": KNOWN + "\n" + OWN[:200]}))
    assert (result, "LICENSE" in said) == ("inconclusive", True), said


def test_other_code_than_the_recorded_one_fails(tmp_path: Path) -> None:
    """One character is enough."""
    case = _case(tmp_path, {"train.py": OWN})
    path = tmp_path / "materials" / "program" / "train.py"
    path.write_text(OWN + "\n")
    assert _result(case)[0] == "fail"


@pytest.mark.parametrize("said", ["changed", "nothing said"])
def test_changed_code_has_no_digest_to_hold_it_to(said: str, tmp_path: Path) -> None:
    """A tree that nothing is said of is compared; a changed one is a question."""
    changed = True if said == "changed" else None
    case = _case(tmp_path, {"train.py": OWN}, changed=changed)
    assert _result(case)[0] == ("inconclusive" if changed else "pass")


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    """No materials, no program, no known code."""
    case = _case(tmp_path, {"train.py": OWN})
    blind = replace(case, audit=Audit())
    assert _result(blind)[0] == "not_run"
    alone = replace(case, audit=replace(case.audit, known_code=()))
    assert "No known code" in _result(alone)[1]
    (tmp_path / "materials" / "program").rename(tmp_path / "elsewhere")
    assert _result(case)[0] == "inconclusive"


def test_a_file_is_reported_by_the_share_that_is_known() -> None:
    """Half of it is a borrowing; a name in common is none."""
    short = KNOWN + "\n" + OWN[: len(KNOWN) // 4]
    files = {"most.py": short, "half.py": KNOWN + "\n" + OWN, "layers.py": OWN}
    found = resemblances(CodeTree("p", files), (UPSTREAM,))
    assert [(e.file, e.known_file) for e in found] == [("most.py", "layers.py")]
    assert 0.6 <= found[0].share < 1.0
    assert dropped_notices(CodeTree("p", files), UPSTREAM) == ["LICENSE"]
