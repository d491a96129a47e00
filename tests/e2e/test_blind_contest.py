"""A hostile voter with the browser's tools learns nothing of whose an answer is."""

from __future__ import annotations

import hashlib
import html
import json
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from dokja.contest.battles.canary import canary_texts
from dokja.contest.battles.cast import CAST
from dokja.contest.battles.equalise import equal_form
from dokja.contest.battles.pair_schedule import PairSchedule
from dokja.contest.values import Battle as DrawnBattle
from dokja.evidence.canonical import digest_bytes, digest_of
from tests.e2e.contest_site import (
    Battle,
    Site,
    Visitor,
    hidden,
    open_contest,
    read_battle,
)

VOTERS = 11
PAGES = ("/contest", "/contest/join", "/contest/done", "/contest/participation")
ELSEWHERE = (
    "/contest/rating",
    "/contest/votes.csv",
    "/contest/picture/0000",
    "/contest/battle/1",
    "/contest/battle/0",
    "/contest/nothing-here",
    "/contest/rating.json.json",
)


@dataclass(frozen=True)
class Seen:
    """One battle of one voter, as it came over the wire."""

    voter: Visitor
    battle: Battle
    page: httpx.Response
    twin: httpx.Response


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An office whose contest is open."""
    with open_contest(tmp_path_factory.mktemp("office")) as found:
        yield found


@pytest.fixture(scope="module")
def voters(site: Site) -> list[Visitor]:
    """People who registered one after the other and vote in turns."""
    found = [
        Visitor(site, login=f"curious-{number:02d}", language=("ko", "en")[number % 2])
        for number in range(VOTERS)
    ]
    for visitor in found:
        visitor.register()
        assert visitor.begin().status_code == 303
    return found


@pytest.fixture(scope="module")
def seen(site: Site, voters: list[Visitor]) -> list[Seen]:
    """Every battle of theirs, the page and its twin, with all else they could ask."""
    found = []
    for turn in range(site.keeper.plan.rules.battles_most):
        # In another order each time, so that nothing can hang on who comes first.
        for voter in voters[turn % VOTERS :] + voters[: turn % VOTERS]:
            page, twin = voter.get("/contest/battle"), voter.get("/contest/battle.json")
            battle = read_battle(page.text)
            found.append(Seen(voter, battle, page, twin))
            choice = ("left", "right", "tie", "both_bad")[turn % 4]
            assert voter.judge(battle, choice).status_code == 303
    _ask_for_everything_else(voters[0])
    return found


def _ask_for_everything_else(voter: Visitor) -> None:
    for path in (*PAGES, *ELSEWHERE):
        for language in ("ko", "en"):
            voter.get(f"{path}?lang={language}")
        voter.get(f"{path}.json")
        voter.get(path, **{"hx-request": "true", "if-none-match": "*"})
    for method in ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"):
        voter.received.append(voter.ask(method, "/contest/battle"))
    text = voter.get("/contest").text
    for address in set(re.findall(r'(?:href|src)="(/static/[^"]+)"', text)):
        voter.get(address)
    voter.get("/static/battle.js")
    for fields in ({}, {"csrf": "x"}, {"csrf": hidden(text, "csrf"), "choice": "?"}):
        voter.post("/contest/battle/1", **fields)
    assert voter.received[-1].status_code >= 400


@pytest.fixture(scope="module")
def forbidden(site: Site) -> dict[str, str]:
    """What no answer may hold, and what it would give away."""
    materials, rules = site.keeper.materials, site.keeper.plan.rules
    found = dict.fromkeys(rules.teams, "a team's id")
    found |= {name: "a name" for team in rules.names for name in team.names}
    found |= {site.keeper.key(name).hex(): name for name in ("secret", "salt")}
    texts = [materials.answers_text, materials.plan_text]
    for answer in materials.answers:
        found[answer.model_digest] = "a model's digest"
        found[digest_of(answer)] = "digest of a line of the prepared file"
        found[answer.measured] = "when an answer was made"
        texts.append(answer.text)
    for text in texts:
        found[digest_bytes(text.encode())] = "digest of an answer"
        found[hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()] = "md5"
        found[hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()] = "sha1"
    found |= {word.removeprefix("sha256:"): what for word, what in found.items()}
    return {word.casefold(): what for word, what in found.items()}


def test_nothing_that_was_sent_names_anybody(
    seen: list[Seen], voters: list[Visitor], forbidden: dict[str, str]
) -> None:
    """Bodies, headers, twins, files, redirects and refusals, all of them."""
    assert len(seen) == VOTERS * 20
    received = [answer for voter in voters for answer in voter.received]
    statuses = {answer.status_code for answer in received}
    assert {200, 303, 403, 404, 405, 422} <= statuses
    assert not any(status >= 500 for status in statuses)
    for answer in received:
        text = f"{answer.headers}\n{html.unescape(answer.text)}".casefold()
        named = [what for word, what in forbidden.items() if word in text]
        assert named == [], answer.url


def test_headers_are_the_same_for_every_battle(seen: list[Seen]) -> None:
    """What differs is the date, the length of what is read and a random number."""
    varying = {"date", "content-length", "x-request-id"}
    kinds = set()
    for one in seen:
        for answer in (one.page, one.twin):
            headers = {n: v for n, v in answer.headers.items() if n not in varying}
            kinds.add((answer is one.twin, json.dumps(headers, sort_keys=True)))
            assert headers["cache-control"] == "no-store"
            assert not {"etag", "last-modified", "server"} & set(headers)
    assert len(kinds) == 2


def test_a_page_is_the_texts_and_nothing_more(seen: list[Seen]) -> None:
    """Without prompt, answers and tickets, pages of one turn are equal bytes."""
    frames = defaultdict(set)
    for one in seen:
        frames[one.battle.number, one.voter.language].add(_frame(one))
    assert len(frames) == 2 * 20
    assert [len(found) for found in frames.values()] == [1] * len(frames)


def _frame(one: Seen) -> str:
    text = one.page.text.replace(one.battle.csrf, "CSRF").replace(
        one.battle.ticket, "TICKET"
    )
    text = re.sub(r'(<p class="prompt") lang="\w\w">.*?</p>', r"\1>", text, flags=re.S)
    return re.sub(r'<div data-words lang="\w\w">.*?</div>', "WORDS", text, flags=re.S)


def test_twins_have_the_fields_of_the_page(seen: list[Seen]) -> None:
    """A twin is where a careless struct would leak."""
    wanted = {
        "number", "least", "most", "prompt", "language", "picture", "left", "right",
        "pacing", "ticket", "options", "reports",
    }  # fmt: skip
    for one in seen:
        assert set(one.twin.json()) == wanted
        assert set(one.twin.json()["pacing"]) == {
            "delay_ms", "tick_ms", "left", "right",
        }  # fmt: skip


def test_both_sides_appear_at_one_pace(seen: list[Seen]) -> None:
    """Until the shorter answer stands whole, both have equally many letters."""
    for one in seen:
        pacing = one.twin.json()["pacing"]
        ends = min(pacing["left"][-1], pacing["right"][-1])
        for left, right in zip(pacing["left"], pacing["right"], strict=True):
            assert left == right or min(left, right) == ends


def test_pairs_and_sides_follow_from_the_secret(site: Site, seen: list[Seen]) -> None:
    """Who has the secret afterwards can say of every page what stood on it."""
    for one in seen:
        drawn = _drawn(site, one)
        left, right = (_answer(site, drawn, t) for t in (drawn.left, drawn.right))
        if drawn.canary is not None:
            left, right = canary_texts(site.keeper.contest.seed, drawn, left)
        expected = (_as_shown(left), _as_shown(right))
        assert (one.battle.left, one.battle.right) == expected


def _drawn(site: Site, one: Seen) -> DrawnBattle:
    people = site.office.desk.people
    account = people.account(one.voter.account())
    assert account is not None
    seat = people.voter(site.keeper.id, account.subject)
    assert seat is not None
    schedule = PairSchedule(
        rules=site.keeper.plan.rules,
        prompts=tuple(prompt.id for prompt in site.keeper.plan.prompts),
        seed=site.keeper.contest.seed,
        voter=seat.number,
    )
    return schedule.battle(one.battle.number)


def _answer(site: Site, drawn: DrawnBattle, team: str) -> str:
    return next(
        answer.text
        for answer in site.keeper.materials.answers
        if (answer.prompt, answer.team) == (drawn.prompt, team)
    )


def _as_shown(text: str) -> str:
    lines = (line for block in equal_form(text) for line in block.lines)
    return " ".join(" ".join(lines).split())


def test_no_team_has_a_side_a_turn_or_a_time_of_its_own(
    site: Site, seen: list[Seen]
) -> None:
    """Sides are balanced, first battles mixed, and no team's pages come slower."""
    left: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    first: Counter[str] = Counter()
    times = defaultdict(list)
    for one in seen:
        drawn = _drawn(site, one)
        if drawn.canary is not None:
            continue
        left[drawn.left] += 1
        for team in (drawn.left, drawn.right):
            shown[team] += 1
            times[team].append(one.page.elapsed.total_seconds())
            first[team] += one.battle.number == 1
    teams = site.keeper.plan.rules.teams
    assert set(shown) == set(teams)
    for team in teams:
        # Four standard deviations of a fair coin; blocks make it much narrower.
        assert abs(left[team] - shown[team] / 2) < 2 * shown[team] ** 0.5
    assert len([team for team in teams if first[team]]) >= 4
    middle = statistics.median(t for found in times.values() for t in found)
    for team in teams:
        assert statistics.median(times[team]) < 2 * middle


def test_a_reload_shows_the_same_battle(site: Site) -> None:
    """Asking again, in another language or as JSON draws nothing anew."""
    voter = _newcomer(site, "reloads")
    pages = [read_battle(voter.get("/contest/battle").text) for _ in range(3)]
    pages.append(read_battle(voter.get("/contest/battle?lang=en").text))
    assert {(page.number, page.left, page.right) for page in pages} == {
        (1, pages[0].left, pages[0].right)
    }


def _newcomer(site: Site, login: str, employer: str = "") -> Visitor:
    visitor = Visitor(site, login=login)
    visitor.register()
    assert visitor.begin(employer).status_code == 303
    return visitor


def _next(voter: Visitor) -> Battle:
    battle = voter.battle()
    assert battle is not None
    return battle


def test_a_second_vote_is_refused_and_the_first_stands(site: Site) -> None:
    """Another choice is a conflict; the very same request sent again does nothing."""
    voter = _newcomer(site, "twice")
    battle = _next(voter)
    before = _votes(site)
    assert voter.judge(battle, "left").status_code == 303
    assert voter.judge(battle, "right").status_code == 409
    assert voter.judge(battle, "report", reason="other").status_code == 409
    assert voter.judge(battle, "left").status_code == 303
    assert _votes(site) == before + 1


def _votes(site: Site) -> int:
    setting = site.keeper.setting
    return site.office.store.votes.count(setting.programme, setting.stage, CAST, "")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"csrf": "0" * 64}, 403),
        ({"csrf": ""}, 403),
        ({"ticket": ""}, 403),
        ({"ticket": "1." + "0" * 64}, 403),
        ({"choice": "t1"}, 422),
        ({"choice": ""}, 422),
        ({"choice": "report"}, 422),
    ],
)
def test_a_form_that_was_tampered_with_is_refused(
    site: Site, tampering: Visitor, change: dict[str, str], status: int
) -> None:
    """Every hidden field, and the verdict itself."""
    battle, before = _next(tampering), _votes(site)
    fields = {"csrf": battle.csrf, "ticket": battle.ticket, "choice": "left"}
    answer = tampering.post("/contest/battle/1", **(fields | change))
    assert answer.status_code == status
    assert _votes(site) == before


@pytest.fixture(scope="module")
def tampering(site: Site) -> Visitor:
    """Somebody before their first battle."""
    return _newcomer(site, "tampers")


def test_no_vote_out_of_turn_and_none_for_another(
    site: Site, tampering: Visitor
) -> None:
    """A ticket is of one voter and one battle; a session is of one voter."""
    battle, other = _next(tampering), _newcomer(site, "victim")
    theirs, before = _next(other), _votes(site)
    ahead = Battle(2, "", "", "", battle.csrf, battle.ticket)
    assert tampering.judge(ahead, "left").status_code == 403
    stolen = Battle(1, "", "", "", battle.csrf, theirs.ticket)
    assert tampering.judge(stolen, "left").status_code == 403
    anonymous = Visitor(site, login="nobody")
    csrf = hidden(anonymous.get("/signin").text, "csrf")
    unsigned = Battle(1, "", "", "", csrf, theirs.ticket)
    assert anonymous.judge(unsigned, "left").status_code == 403
    assert anonymous.get("/contest/battle").headers["location"] == "/contest/join"
    assert _votes(site) == before


def test_fields_that_nobody_asked_for_change_nothing(site: Site) -> None:
    """Pair, sides, voter and time are not the browser's to say."""
    voter = _newcomer(site, "talkative")
    answer = voter.judge(
        _next(voter), "tie", left="t1", voter="1", seconds="9", employer="Dalyeoul"
    )
    assert answer.status_code == 303
    setting = site.keeper.setting
    acts = site.office.store.votes.under(setting.programme, setting.stage, "")
    body = [act for act in acts if act.kind == CAST][-1].body
    assert set(body) == {"voter", "choice", "seconds"}
    assert body["voter"] != "1"
    assert body["choice"] == "tie"
    assert body["seconds"] % 5 == 0


def test_who_works_for_a_team_is_not_shown_it(
    site: Site, forbidden: dict[str, str]
) -> None:
    """And is told nothing by it: the page that asks names nobody."""
    voter = _newcomer(site, "employee", employer="(주)달여울 연구소")
    own = {
        _as_shown(answer.text)
        for answer in site.keeper.materials.answers
        if answer.team == "dalyeoul"
    }
    shown = set()
    while (battle := voter.battle()) is not None:
        shown |= {battle.left, battle.right}
        assert voter.judge(battle, "tie").status_code == 303
    assert len(shown) > 20
    assert not own & shown
    for answer in voter.received:
        text = html.unescape(answer.text).casefold()
        assert [word for word in forbidden if word in text] == [], answer.url


def test_files_of_the_contest_cannot_be_reached(site: Site) -> None:
    """No path leads from the web into the folders of the office or the package."""
    voter = Visitor(site, login="climber")
    for path in (
        "/static/../templates/contest/battle.html",
        "/static/%2e%2e/%2e%2e/examples/programme/stage-1/answers.jsonl",
        "/contest/picture/..%2f..%2fanswers.jsonl",
        "/contest.toml",
        "/answers.jsonl",
    ):
        assert voter.get(path).status_code in {403, 404}


def test_before_the_end_there_is_no_standing_anywhere(site: Site) -> None:
    """Neither on the page, nor in its twin, nor as a file."""
    voter = Visitor(site, login="impatient", language="en")
    assert "There is no result yet" in voter.get("/contest/rating").text
    assert set(voter.get("/contest/rating.json").json()) == {"phase", "phase_name"}
    assert voter.get("/contest/votes.csv").status_code == 404
