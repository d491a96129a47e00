"""`dokja contest answers` against real servers on this machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from dokja.cli.contest_answers import answers
from dokja.contest import parse_answers
from dokja.contest.served.prepared import parse_written_answers
from dokja.errors import Conflict, InvalidInput
from dokja.evidence.canonical import digest_bytes
from dokja.settings import shipped_folder
from dokja.wiring.endpoints import read_endpoints
from tests.contract.chat_server import MODEL, ChatServer, chat_server, refuses, says

WEIGHTS = "sha256:" + "5" * 64
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + b"\0\0\0\x02\0\0\0\x02" + b"\x08\0\0\0\0"
)
KEY = "key-of-the-first-team"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Twelve prompts, one of them with a picture, out of order."""
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "square.png").write_bytes(PNG)
    shipped = shipped_folder("examples") / "contest" / "contest.toml"
    lines = [shipped.read_text(encoding="utf-8").split("[[prompts]]")[0]]
    for number in (3, 1, 2, 10, 7, 5, 8, 4, 11, 6, 9, 0):
        lines += ["[[prompts]]", f'id = "q{number}"', f'text = "물음 {number}"']
        lines += ['field = "living"', 'language = "ko"']
    lines.append(f'image_digest = "{digest_bytes(PNG)}"')
    path = tmp_path / "contest.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def endpoints(folder: Path, *servers: ChatServer, rules: str = "") -> Path:
    """The office's list of the servers."""
    lines = ['schema = "dokja-endpoints/1"']
    for number, server in enumerate(servers, start=1):
        lines += ["[[teams]]", f'team = "t{number}"', f'model = "{MODEL}"']
        lines += [f'address = "{server.address}"', f'weights = "{WEIGHTS}"']
    path = folder / "endpoints.toml"
    path.write_text("\n".join([*lines, "[rules]", rules]), encoding="utf-8")
    return path


def asked(*given: object) -> Result:
    """What the command says and how it ends."""
    return CliRunner().invoke(answers, [str(word) for word in given])


def summary(result: Result) -> dict[str, Any]:
    """What `--json` printed."""
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_answers_are_equal_whatever_is_asked_at_once(
    plan: Path, tmp_path: Path
) -> None:
    """Only what was measured differs, and it stands in a file of its own."""
    other = says("셋")
    with chat_server(other=says("둘")) as one, chat_server(other=other) as two:
        listed = endpoints(tmp_path, one, two)
        for count in (1, 8):
            out = tmp_path / f"out{count}"
            result = asked(plan, listed, "--out", out, "--at-once", count, "--json")
            assert result.exit_code == 0, result.output
            assert summary(result)["answers"] == 24
            assert one.count("물음 3") == (1 if count == 1 else 2)
    bytes_of = [(tmp_path / f"out{n}" / "answers.json").read_bytes() for n in (1, 8)]
    assert bytes_of[0] == bytes_of[1]
    found = parse_written_answers(bytes_of[0], where="answers.json")
    assert [(a.prompt, a.team) for a in found][:3] == [
        ("q0", "t1"),
        ("q0", "t2"),
        ("q1", "t1"),
    ]
    assert {(a.team, a.text) for a in found} == {("t1", "둘"), ("t2", "셋")}
    assert {a.weights for a in found} == {WEIGHTS}
    lines = (tmp_path / "out1" / "prepared.jsonl").read_text(encoding="utf-8")
    shown = parse_answers(lines, where="prepared.jsonl")
    assert [(a.prompt, a.team, a.text) for a in shown] == [
        (a.prompt, a.team, a.text) for a in found
    ]
    assert any(isinstance(b["messages"][0]["content"], list) for b in one.asked)


def test_what_is_missing_is_named_and_alone_asked_for_again(
    plan: Path, tmp_path: Path
) -> None:
    """A fault costs nothing that was had, and stays on record when it is over."""
    rules = "retries = 0\nbreaker_faults = 100"
    broken = {
        "물음 5": [refuses(500), says("둘")],
        "물음 6": [refuses(400), says("둘")],
    }
    with chat_server(broken, other=says("둘")) as server:
        listed = endpoints(tmp_path, server, rules=rules)
        out = tmp_path / "out"
        first = asked(plan, listed, "--out", out, "--json")
        assert first.exit_code == 4
        missing = [(m["prompt"], m["reason"]) for m in summary(first)["missing"]]
        assert missing == [("q5", "server_error"), ("q6", "refused")]
        shown = asked(plan, listed, "--out", out, "--lang", "ko")
        assert shown.exit_code == 0
        assert "t1" in shown.stdout
        assert len(server.asked) == 12 + 2
    faults = (out / "faults.jsonl").read_bytes().splitlines()
    assert [msgspec.json.decode(line)["prompt"] for line in sorted(faults)]
    assert len(faults) == 2
    assert json.loads((out / "measurements.json").read_bytes())["missing"] == []


def test_answers_to_other_rules_are_not_mixed(plan: Path, tmp_path: Path) -> None:
    """A longer answer of one team beside the short ones of the rest would win."""
    with chat_server() as server:
        out = tmp_path / "out"
        listed = endpoints(tmp_path, server)
        assert asked(plan, listed, "--out", out).exit_code == 0
        listed = endpoints(tmp_path, server, rules="most_tokens = 7")
        result = asked(plan, listed, "--out", out)
    assert isinstance(result.exception, Conflict)


def test_the_shipped_list_has_five_models_that_are_there() -> None:
    """`dokja serve` works with it and without any server."""
    path = shipped_folder("examples") / "contest" / "endpoints.toml"
    found = read_endpoints(path)
    assert len({entry.team for entry in found.teams}) == 5
    folders = [path.parent / entry.folder for entry in found.teams]
    assert [f for f in folders if not (f / "model.safetensors").is_file()] == []


def test_a_dry_run_asks_nobody_and_writes_nothing(plan: Path, tmp_path: Path) -> None:
    """But it reads everything."""
    with chat_server() as server:
        listed = endpoints(tmp_path, server)
        result = asked(plan, listed, "--out", tmp_path / "out", "--dry-run")
        assert server.asked == []
    assert "12" in result.stdout
    assert not (tmp_path / "out").exists()


def test_each_team_has_its_own_key_which_is_written_nowhere(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in what is kept, not in what is said."""
    keys = tmp_path / "keys.toml"
    keys.write_text(f't1 = "{KEY}"', encoding="utf-8")
    monkeypatch.setenv("DOKJA_ENDPOINT_KEYS", str(keys))
    with chat_server() as one, chat_server() as two:
        listed = endpoints(tmp_path, one, two)
        result = asked(plan, listed, "--out", tmp_path / "out")
        sent = {body["_authorization"] for body in one.asked}
        others = {body["_authorization"] for body in two.asked}
    assert (sent, others) == ({f"Bearer {KEY}"}, {""})
    kept = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert kept
    assert [path for path in kept if KEY.encode() in path.read_bytes()] == []
    assert KEY not in result.output


def test_a_team_that_the_contest_does_not_have_is_refused(
    plan: Path, tmp_path: Path
) -> None:
    """Its answers would be made and never shown."""
    with chat_server() as server:
        listed = endpoints(tmp_path, server)
        text = listed.read_text(encoding="utf-8").replace('"t1"', '"t8"')
        listed.write_text(text, encoding="utf-8")
        result = asked(plan, listed, "--out", tmp_path / "out")
        assert server.asked == []
    assert isinstance(result.exception, InvalidInput)
    assert "t8" in str(result.exception)


def test_a_key_for_nobody_is_refused_without_repeating_it(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name with a slip in it would send a team's questions without its key."""
    keys = tmp_path / "keys.toml"
    keys.write_text(f't9 = "{KEY}"', encoding="utf-8")
    monkeypatch.setenv("DOKJA_ENDPOINT_KEYS", str(keys))
    with chat_server() as server:
        listed = endpoints(tmp_path, server)
        result = asked(plan, listed, "--out", tmp_path / "out")
    assert isinstance(result.exception, InvalidInput)
    assert KEY not in str(result.exception)
    assert server.asked == []


@pytest.mark.parametrize(
    "wrong",
    [
        'schema = "other/1"\nteams = []',
        'schema = "dokja-endpoints/1"\n[[teams]]\nteam = "t1"\nmodel = "m"',
        (
            'schema = "dokja-endpoints/1"\n[[teams]]\nteam = "t1"\nmodel = "m"\n'
            'address = "http://127.0.0.1:9"\nweights = "none"'
        ),
        'schema = "dokja-endpoints/1"\nteams = []\n[rules]\nretries = 3',
        'schema = "dokja-endpoints/1"\n'
        + '[[teams]]\nteam = "t1"\nmodel = "m"\nfolder = "f"\n' * 2,
        "schema =",
    ],
)
def test_a_list_that_leaves_something_open_is_refused(
    wrong: str, plan: Path, tmp_path: Path
) -> None:
    """Before anybody is asked."""
    listed = tmp_path / "endpoints.toml"
    listed.write_text(wrong, encoding="utf-8")
    result = asked(plan, listed, "--out", tmp_path / "out")
    assert isinstance(result.exception, InvalidInput), result.output
