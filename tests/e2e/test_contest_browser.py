"""Fifty people vote, somebody rigs, the office closes, the rating appears."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from scipy.special import expit

from dokja.contest import parse_ballots, rate_votes
from dokja.contest.battles.battle_table import voter_name
from dokja.contest.battles.equalise import equal_form
from dokja.contest.rating.rate_contest import ContestOutcome
from dokja.evidence.seeds import seed_for, uniform_draws
from dokja.wiring.contest_closing import settle
from tests.e2e.contest_site import (
    PASSWORD,
    Battle,
    Site,
    Visitor,
    hidden,
    open_contest,
)

PEOPLE, BOTS = 50, 2
ENOUGH = 15
"""Battles after which a person stops; who rigs does all of them."""
FAVOURED = "moraesinae"
STRENGTHS = {
    "dalyeoul": 1.2,
    "sangeuneul": 0.6,
    "moraesinae": -2.6,
    "galbaramjae": 0.0,
    "cheotnunmaeul": -0.6,
}


@dataclass(frozen=True)
class Held:
    """A contest that was held on real pages."""

    site: Site
    outcome: ContestOutcome
    votes: int
    bots: frozenset[str]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An office whose contest is open."""
    with open_contest(tmp_path_factory.mktemp("office")) as found:
        yield found


@pytest.fixture(scope="module")
def teams(site: Site) -> dict[tuple[str, str], str]:
    """What only an attacker has: whose each answer is, by prompt and text.

    This is the test's own knowledge of the prepared file. A voter has no such
    list; somebody who asked the models beforehand would.
    """
    prompts = {prompt.id: prompt.text for prompt in site.keeper.plan.prompts}
    return {
        (prompts[answer.prompt], _as_shown(answer.text)): answer.team
        for answer in site.keeper.materials.answers
    }


def _as_shown(text: str) -> str:
    lines = (line for block in equal_form(text) for line in block.lines)
    return " ".join(" ".join(lines).split())


@pytest.fixture(scope="module")
def held(site: Site, teams: dict[tuple[str, str], str], browser_votes: int) -> Held:
    """The contest after everybody voted and the office closed it."""
    visitors = [Visitor(site, f"person-{n:02d}") for n in range(PEOPLE + BOTS)]
    for visitor in visitors:
        # One after the other: a number decides which battles somebody is shown.
        visitor.register()

    def vote(number: int) -> int:
        visitor, rigged = visitors[number], number >= PEOPLE
        assert visitor.begin().status_code == 303
        draws = uniform_draws(seed_for("fifty people", f"{number}"), 40)
        cast = 0
        while (battle := visitor.battle()) is not None and (rigged or cast < ENOUGH):
            choice = _choice(battle, teams, draws[battle.number], rigged=rigged)
            assert visitor.judge(battle, choice).status_code == 303
            cast += 1
        return cast

    with ThreadPoolExecutor(4) as pool:
        votes = sum(pool.map(vote, range(PEOPLE + BOTS)))
    people = site.office.desk.people
    voters = {v.pseudonym: v.number for v in people.voters(site.keeper.id)}
    bots = {
        voters[found.account.subject]
        for number in range(PEOPLE, PEOPLE + BOTS)
        if (found := people.credential(f"person-{number:02d}")) is not None
    }
    outcome = settle(site.keeper, why="the last day is over")
    return Held(
        site=site,
        outcome=outcome,
        votes=votes + browser_votes,
        bots=frozenset(voter_name(number) for number in bots),
    )


def _choice(
    battle: Battle, teams: dict[tuple[str, str], str], draw: float, *, rigged: bool
) -> str:
    left = teams.get((battle.prompt, battle.left))
    right = teams.get((battle.prompt, battle.right))
    if rigged and left != right and FAVOURED in (left, right):
        return "left" if left == FAVOURED else "right"
    if left is None or right is None:
        # Words in disorder: whoever reads prefers the other.
        return "left" if left is not None else "right"
    if left == right:
        return "tie"
    chance = expit(STRENGTHS[left] - STRENGTHS[right])
    return "left" if draw < chance else "right"


@pytest.fixture(scope="module")
def browser_votes(site: Site, browser: Browser) -> int:
    """Votes cast by somebody with a real browser, before the others."""
    context = browser.new_context(locale="ko-KR")
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda said: problems.append(said.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    _register(page, site)
    page.get_by_role("button", name="첫 대결로").click()
    _watch_answers_appear(page)
    for number, key in enumerate("1234", start=1):
        assert page.inner_text("h1") == f"대결 {number}"
        page.keyboard.press(key)
        page.get_by_role("heading", name=f"대결 {number + 1}").wait_for()
    page.get_by_text("이 대결에 문제가 있습니까?").click()
    page.get_by_label("글이 깨져 읽을 수 없다").check()
    page.get_by_role("button", name="신고하기").click()
    page.get_by_role("heading", name="대결 6").wait_for()
    assert problems == []
    context.close()
    return 4


def _register(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/register")
    for box in page.locator("input[name=agreed]").all():
        box.check()
    page.fill("#born", "1990-05-17")
    page.fill("#login", "with-a-browser")
    page.fill("#password", PASSWORD)
    page.locator("form.form button").click()
    page.wait_for_url("**/contest")
    page.get_by_role("link", name="투표하기").click()


def _watch_answers_appear(page: Page) -> None:
    """Both sides grow at one pace, whatever their lengths, and end whole."""
    seen = """() => [...document.querySelectorAll('[data-words]')].map((answer) =>
      answer.textContent.trim().length - [...answer.querySelectorAll('.ahead')]
        .reduce((sum, rest) => sum + rest.textContent.length, 0))"""
    page.wait_for_selector("[data-words]", state="attached")
    page.wait_for_function(f"() => ({seen})().every((count) => count > 5)")
    left, right = page.evaluate(seen)
    step = int(page.get_attribute(".duel", "data-step") or "0")
    assert abs(left - right) <= step
    assert page.locator(".duel").get_attribute("aria-busy") == "true"
    page.get_by_role("button", name="답변 바로 모두 보기").click()
    assert "".join(page.locator(".ahead").all_text_contents()) == ""
    assert page.locator("[role=status]").inner_text() == "두 답변이 모두 나왔습니다."


def test_every_vote_is_on_record_once(held: Held) -> None:
    """Votes that the pages took are the votes that the outcome knows."""
    assert held.outcome.participation.votes == held.votes
    assert held.outcome.participation.voters == PEOPLE + BOTS + 1
    assert held.outcome.participation.voided["reported"] == 1


def test_the_riggers_are_flagged_and_nobody_else(held: Held) -> None:
    """They recognise one team's answers and always choose them."""
    flagged = {one.voter for one in held.outcome.screening.flagged}
    assert flagged == held.bots
    for one in held.outcome.screening.flagged:
        assert one.suspicion == "for_team"
        assert held.outcome.labels[one.about] == FAVOURED


def test_the_rating_finds_the_strengths_again(held: Held) -> None:
    """The best and the worst of what people were simulated to prefer."""
    order = sorted(held.outcome.rating.teams, key=lambda team: -(team.strength or 0))
    assert order[0].team == "dalyeoul"
    assert order[-1].team == FAVOURED


def test_the_page_shows_the_rating_and_gives_the_votes_away(
    held: Held, browser: Browser
) -> None:
    """The figure, the riggers, the secret that fits, and a file to rate again."""
    page = browser.new_page(locale="ko-KR")
    problems: list[str] = []
    page.on("console", lambda said: problems.append(said.text))
    page.goto(f"{held.site.address}/contest/rating")
    assert page.locator("svg.chart").count() == 1
    assert problems == []
    assert page.locator("main").inner_text().count("늘 모래시내 선택") == BOTS
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    assert found.violations_count == 0, found.generate_report()
    page.close()
    visitor = Visitor(held.site, login="nobody")
    file = visitor.get("/contest/votes.csv").text
    rows = list(csv.DictReader(io.StringIO(file)))
    assert len(rows) == held.outcome.with_flagged.votes
    counted = "".join(
        line for line in file.splitlines(keepends=True) if not line.endswith(",no\n")
    )
    again = rate_votes(parse_ballots(counted.encode(), where="counted"), source="again")
    official = {team.team: team.strength for team in held.outcome.rating.teams}
    assert {t.team: t.strength for t in again.teams} == pytest.approx(official)


def test_after_the_closing_no_vote_is_taken(held: Held) -> None:
    """A form that was kept open is refused, and the page leads on."""
    late = Visitor(held.site, login="late")
    late.register()
    csrf = hidden(late.get("/contest").text, "csrf")
    assert late.post("/contest/join", csrf=csrf, employer="").status_code == 403
    assert late.get("/contest/join").headers["location"] == "/contest/battle"
    assert late.get("/contest/battle").headers["location"] == "/contest/done"
