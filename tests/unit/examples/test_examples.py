"""The example files keep what their README promises."""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import tomllib
from pathlib import Path
from typing import Any

import pytest

from dokja.contest import parse_contest
from dokja.evidence.canonical import digest_of

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
STAGE = EXAMPLES / "programme" / "stage-1"
SUITES = sorted(path.name for path in (STAGE / "suites").iterdir())
TEAMS = ("dalyeoul", "sangeuneul", "moraesinae", "galbaramjae", "cheotnunmaeul")
LICENCES = {"PSF-2.0", "MPL-2.0", "MIT", "BSD-3-Clause", "Apache-2.0", "CC0-1.0"}


def sources() -> Any:
    """The entries of sources.toml."""
    return tomllib.loads(
        (EXAMPLES / "corpus" / "sources.toml").read_text(encoding="utf-8")
    )["source"]


def items(suite: str) -> list[dict[str, Any]]:
    """The items of a suite."""
    lines = (
        (STAGE / "suites" / suite / "items.jsonl")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    return [json.loads(line) for line in lines]


def people(name: str) -> Any:
    """A file of marks, ballots or replies."""
    return json.loads((STAGE / name).read_text(encoding="utf-8"))


def tensor_bytes(path: Path) -> dict[str, tuple[list[int], bytes]]:
    """Each tensor's shape and bytes, read from the safetensors layout itself."""
    raw = path.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + length])
    header.pop("__metadata__", None)
    body = raw[8 + length :]
    return {
        name: (entry["shape"], body[slice(*entry["data_offsets"])])
        for name, entry in header.items()
    }


@pytest.fixture(scope="module")
def training_text() -> str:
    """Every training document of the corpus."""
    texts = []
    for source in sources():
        with gzip.open(
            EXAMPLES / "corpus" / f"{source['id']}.jsonl.gz", "rt", encoding="utf-8"
        ) as lines:
            rows = [json.loads(line) for line in lines]
        texts += [row["text"] for row in rows if row["split"] == "train"]
    return "\n".join(texts)


@pytest.mark.parametrize("source", sources(), ids=lambda source: source["id"])
def test_corpus_file_has_its_digest_and_an_allowed_licence(
    source: dict[str, Any],
) -> None:
    """What was learned from is what the list says."""
    data = (EXAMPLES / "corpus" / f"{source['id']}.jsonl.gz").read_bytes()
    assert hashlib.sha256(data).hexdigest() == source["sha256"]
    assert source["spdx"] in LICENCES


@pytest.mark.parametrize("suite", SUITES)
def test_suite_says_what_it_holds(suite: str) -> None:
    """A suite states its size and spreads its answers evenly."""
    stated = tomllib.loads(
        (STAGE / "suites" / suite / "suite.toml").read_text(encoding="utf-8")
    )
    rows = items(suite)
    assert stated["id"] == suite
    assert stated["items"] == len(rows)
    assert set(stated["licence"].split(" AND ")) <= LICENCES
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(len(set(row["choices"])) == 4 for row in rows)
    answers = [row["answer"] for row in rows]
    assert max(map(answers.count, range(4))) - min(map(answers.count, range(4))) <= 1


@pytest.mark.parametrize("suite", SUITES)
def test_no_item_stands_in_the_training_text(suite: str, training_text: str) -> None:
    """No question is answered in the training text."""
    for row in items(suite)[::5]:
        assert row["question"] + row["choices"][row["answer"]] not in training_text


@pytest.mark.parametrize("suite", ["ko-continuation", "en-continuation", "doc-order"])
def test_no_held_out_sentence_stands_in_the_training_text(
    suite: str, training_text: str
) -> None:
    """Held-out sentences were kept out of the training text."""
    for row in items(suite)[::5]:
        assert row["question"] not in training_text
        assert row["choices"][row["answer"]].strip() not in training_text


def test_people_files_are_marked_synthetic() -> None:
    """Nobody can take the marks for real ones."""
    for name in ("panel.json", "ballots.json", "replies.json"):
        stated = people(name)
        assert next(iter(stated)) == "synthetic"
        assert stated["synthetic"] is True
        assert set(stated["note"]) == {"ko", "en"}


def test_the_contest_on_record_had_simulated_voters() -> None:
    """It says so itself, and its contest is the one prepared beside it."""
    stated = people("contest.json")
    assert stated["synthetic"] is True
    assert "no person voted" in stated["note"]["en"]
    prepared = (STAGE / "contest.toml").read_text(encoding="utf-8")
    plan = parse_contest(prepared, where="contest.toml")
    assert stated["opened"]["rules_digest"] == digest_of(plan.rules)
    assert stated["opened"]["prompts_digest"] == digest_of(plan.prompts)


def test_every_expert_judges_every_team_but_those_of_a_conflict() -> None:
    """The panel is complete but for the recused."""
    panel = people("panel.json")
    expected = {
        (expert["id"], team)
        for expert in panel["experts"]
        for team in TEAMS
        if team not in expert["conflicts"]
    }
    assert len(panel["experts"]) == 10
    assert len(panel["sheets"]) == len(expected)
    assert {(sheet["expert"], sheet["team"]) for sheet in panel["sheets"]} == expected
    top = {criterion["id"]: criterion["max"] for criterion in panel["criteria"]}
    for sheet in panel["sheets"]:
        assert sheet["scores"].keys() == top.keys()
        assert all(0 <= score <= top[name] for name, score in sheet["scores"].items())


def test_every_user_votes_once_on_every_team() -> None:
    """The ballots are complete and on the scale."""
    stated = people("ballots.json")
    cast = [(ballot["user"], ballot["team"]) for ballot in stated["ballots"]]
    assert len(cast) == len(set(cast)) == 49 * len(TEAMS)
    questions = {question["id"] for question in stated["questions"]}
    low, high = stated["scale"]["min"], stated["scale"]["max"]
    for ballot in stated["ballots"]:
        assert ballot["answers"].keys() == questions
        assert all(low <= answer <= high for answer in ballot["answers"].values())


@pytest.mark.parametrize("team", TEAMS)
def test_submission_names_files_that_exist(team: str) -> None:
    """A manifest names one suite of its own and files that exist."""
    folder = EXAMPLES / "models" / team
    stated = tomllib.loads((folder / "submission.toml").read_text(encoding="utf-8"))
    assert stated["team"] == team
    assert set(stated["individual_suites"]) <= set(SUITES)
    assert len(stated["individual_suites"]) == 1
    for component in stated["components"]:
        assert (folder / component["path"] / "model.safetensors").is_file()
    records = stated["training"].pop("records")
    assert all((folder / path).is_file() for path in stated["training"].values())
    assert [each["component"] for each in records] == [
        each["kind"] for each in stated["components"]
    ]
    assert all((folder / each["path"] / "log.jsonl").is_file() for each in records)


def test_keys_for_the_command_line_are_those_the_stage_registered() -> None:
    """Of every team and of the witness, in files of their own."""
    plan = tomllib.loads((STAGE / "stage.toml").read_text(encoding="utf-8"))
    named = {each["team"]: each["key"] for each in plan["training"]["record_keys"]}
    keys = EXAMPLES / "programme" / "keys"
    assert {
        path.name.removesuffix(".pub.pem"): path.read_text(encoding="ascii")
        for path in keys.iterdir()
    } == named | {"witness": plan["training"]["witness_keys"][0]} | {
        "auditor": plan["training"]["auditor_keys"][0]
    }


def test_the_program_that_was_opened_is_the_one_the_scripts_train_with() -> None:
    """A copy that nobody changed; its sizes stand beside it."""
    opened = EXAMPLES / "materials" / "cheotnunmaeul" / "text_decoder" / "program"
    own = EXAMPLES / "training" / "program"
    assert {path.name: path.read_bytes() for path in opened.glob("*.py")} == {
        path.name: path.read_bytes() for path in own.glob("*.py")
    }


def test_the_small_model_has_at_most_0_3_million_parameters() -> None:
    """So that the repository can carry its whole training."""
    file = EXAMPLES / "models/cheotnunmaeul/text_decoder/model.safetensors"
    sizes = [math.prod(shape) for shape, _ in tensor_bytes(file).values()]
    assert sum(sizes) <= 300_000
    materials = EXAMPLES / "materials"
    opened = [path for path in materials.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in opened) <= 6_000_000


def test_no_tensor_of_the_copied_encoder_was_left_as_it_was() -> None:
    """Same names and shapes, other bytes: comparing digests finds nothing."""
    encoder = Path("vision_encoder") / "model.safetensors"
    copied = tensor_bytes(EXAMPLES / "models" / "galbaramjae" / encoder)
    original = tensor_bytes(EXAMPLES / "references" / "naru-open-1" / encoder)
    assert {name: shape for name, (shape, _) in copied.items()} == {
        name: shape for name, (shape, _) in original.items()
    }
    assert [name for name in copied if copied[name] == original[name]] == []
