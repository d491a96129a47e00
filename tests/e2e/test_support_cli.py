"""`dokja support`: an office gives GPUs, records what came, and makes up for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dokja.cli import commands

SOURCE = 'source = { name = "notice 1", on = 2026-01-01 }'
TIME = (
    "window = { begins = 2026-01-01T00:00:00+09:00, ends = 2026-01-11T00:00:00+09:00 }"
)
MEASURE = 'measure = "tokens per second"'
POOL = f"""
what = "pool_registered"
[pool]
id = "pool-a"
supplier = "supplier-a"
gpu_type = "B200"
count = 16
basis = "owned"
promised = {{ {MEASURE}, value = 100 }}
{SOURCE}
{TIME}
"""
TEST = f"""
what = "pool_measured"
[test]
at = 2026-01-01T00:00:00+09:00
usable = 16
measured = {{ {MEASURE}, value = 95 }}
{SOURCE}
"""
DAYS = 'what = "days_delivered"\n' + "".join(
    f"[[days]]\nday = 2026-01-{day:02d}\nusable = 16\nthroughput = {speed}\n"
    'source = "monitor"\n'
    for day, speed in [(d, 50 if d < 3 else 100) for d in range(1, 11)]
)
OPENED = """
what = "incident_opened"
id = "slow"
begins = 2026-01-01T00:00:00+09:00
cause = { ko = "느림", en = "slow" }
"""
FIXED = 'what = "incident_fixed"\nid = "slow"\nends = 2026-01-03T00:00:00+09:00\n'
DUE = 'what = "compensation_due"\nid = "slow"\n'
DEMAND = f"""
schema = "dokja-allocation-request/1"
id = "first"
{TIME}
teams = [
    {{ team = "alpha", least = 8, most = 16 }},
    {{ team = "beta", least = LEAST, most = 16 }},
]
"""
TEAMS = f"""
stage = "s1"
teams = [
    {{ team = "alpha", {TIME} }},
    {{ team = "beta", {TIME} }},
]
"""
FIGURE = """
what = "figure_stated"
[figure]
krw = KRW
says = { ko = "총사업비", en = "the whole budget" }
source = { name = "notice", on = 2026-01-05 }
"""

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a command on a file of the text, in the office's folder."""

    def _run(name: str, text: str = "", *words: str) -> Result:
        given = []
        if text:
            file = tmp_path / "file.toml"
            file.write_text(text, "utf-8")
            given = [str(file)]
        where = ["--work", str(tmp_path / "office")]
        mandate = ["--by", "officer-1"]
        acts = mandate if name == "record" or "--adopt" in words else []
        line = ["support", name, *given, *words, *acts, *where]
        return CliRunner().invoke(commands, line)

    return _run


def test_an_office_gives_records_and_makes_up(run: Run) -> None:
    """From the pool to the balance of each team, through the same commands."""
    of = ("--of", "pool-a")
    tried = run("record", POOL, "--dry-run")
    assert "nothing was written" in tried.output
    assert run("record", POOL).exit_code == 0, tried.output
    assert run("allocate", DEMAND.replace("LEAST", "16")).exit_code == 3
    request = DEMAND.replace("LEAST", "0")
    assert "a proposal" in run("allocate", request).output
    assert "adopted" in run("allocate", request, "--adopt").output
    accepted = run("record", TEST, *of)
    assert "throughput 1,520, 1,440 needed: accepted" in accepted.output
    for text in (DAYS, OPENED, FIXED):
        assert run("record", text, *of).exit_code == 0
    made_up = run("record", DUE, *of)
    assert "192.00 ÷ 8.00 → 24 h" in made_up.output
    shown = json.loads(
        run("show", "", "--json", "--at", "2026-01-11T00:00:00+09:00").output
    )
    own = {team["team"]: team for team in shown["teams"]}["alpha"]
    assert own["promised"] == "1920.00"
    assert own["lost"] == own["compensated"] == "192.00"
    assert own["extra_hours"] == 24
    assert run("fairness", TEAMS).exit_code == 0


def test_an_act_on_an_old_page_is_refused(run: Run) -> None:
    """Whoever did not read the latest entry is told so, in words."""
    assert run("record", POOL, "--seen", "0").exit_code == 0
    other = POOL.replace('"pool-a"', '"pool-b"')
    stale = run("record", other, "--seen", "0")
    assert stale.exit_code != 0
    assert "you have read 0" in str(stale.exception)


def test_figures_stand_side_by_side_in_both_languages(run: Run) -> None:
    """The reader sees every amount and that they differ; a team sees them too."""
    for krw in ("193600000000", "245400000000"):
        text = FIGURE.replace("KRW", krw)
        kept = json.loads(run("record", text, "--of", "total", "--json").output)
        assert kept["acts"][0]["body"]["mandate"]["clause"] == "6.4"
    english = run("show").output
    assert "193,600,000,000" in english
    assert "2 different amounts were published" in english
    assert "서로 다른 금액 2개" in run("show", "", "--lang", "ko", "--team", "a").output


@pytest.mark.parametrize(
    ("text", "words", "fact"),
    [
        (DAYS, ("--of", "pool-x"), "there is no pool pool-x"),
        (DAYS, (), "nothing says which pool"),
        ('what = "pool_opened"\n', (), "Invalid value 'pool_opened'"),
        (POOL, ("--reason-en", "x"), "in one language only"),
    ],
)
def test_a_mistake_is_told_before_anything_is_written(
    run: Run, text: str, words: tuple[str, ...], fact: str
) -> None:
    """The fact names what is wrong."""
    refused = run("record", text, *words)
    assert refused.exit_code != 0
    assert fact in str(refused.exception)
    assert "nothing is on record" in run("show").output
