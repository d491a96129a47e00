"""The room of support: an office acts on its pages, and everybody sees their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response

from dokja.evidence.values import Act
from dokja.people.values import Role
from dokja.support.gpu.book import BOOK
from dokja.support.gpu.pool import POOL
from dokja.support.overview import ALLOCATION
from dokja.wiring.after_decision import desk_of_office
from tests.contract.filled_forms import act, standing_in
from tests.contract.house import House, opened_house
from tests.contract.office_site import Browser

ONE, TWO, OTHER = "dalyeoul", "sangeuneul", "moraesinae"
SOURCE = {"source__name": "notice 1", "source__on": "2026-01-01"}
ENGLISH = {"lang": "en"}
LOOK = {"step": "look", "confirmed": "yes"}
"""What a form says that asks what follows, tick or no tick."""
NEEDS = {
    f"teams.{n}.{name}": value
    for n, team in enumerate((ONE, TWO))
    for name, value in (("team", team), ("least", "0"), ("most", "64"))
}
LESS = {name: "16" for name in NEEDS if name.endswith(".most")}
NOBODY = {
    f"teams.{n}.{name}": "" for n in range(5) for name in ("team", "least", "most")
}
"""Rows that the form begins with, emptied."""
WINDOW = {"begins": "2026-01-01T00:00", "ends": "2026-02-01T00:00"}
DAYS = {
    f"days.{n}.{name}": value
    for n in range(31)
    for name, value in (
        ("day", f"2026-01-{n + 1:02d}"),
        ("usable", "64"),
        ("throughput", "50" if n < 2 else "100"),
        ("source", "monitor"),
    )
}


def under(prefix: str, **fields: str) -> dict[str, str]:
    """Fields within a struct of the form."""
    return {f"{prefix}__{name}": value for name, value in fields.items()}


def done(answer: Response) -> None:
    """Asserts that the act was taken."""
    told = re.sub(r"<[^>]+>", " ", answer.text)
    assert answer.status_code == 303, " ".join(told.split())[:1200]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An office on a copy of the example."""
    with opened_house(tmp_path) as found:
        yield found


def register(office: Browser, pool: str = "pool-a") -> Response:
    """The answer to a pool of 64 GPUs that is registered."""
    fields = under("pool", id=pool, supplier="baram", gpu_type="B200", count="64")
    fields |= under("pool__window", **WINDOW) | under("pool", basis="owned", **SOURCE)
    fields |= under("pool__promised", measure="tokens per second", value="100")
    return act(office, "pool-register", **fields)


def look(browser: Browser, name: str, of: str = "", **fields: str) -> Response:
    """What would follow from an act, before it is confirmed."""
    page = browser.get(f"/acts/{name}", params={"of": of} if of else {})
    filled = {field.replace("__", "."): value for field, value in fields.items()}
    return browser.post(f"/acts/{name}", standing_in(page.text) | filled | LOOK)


def confirm(browser: Browser, name: str, shown: Response, **fields: str) -> Response:
    """The answer to what was shown, confirmed as it stands."""
    sent = standing_in(shown.text) | fields | {"confirmed": "yes", "step": "take"}
    return browser.post(f"/acts/{name}", sent)


def asked(name: str = "first", **fields: str) -> dict[str, str]:
    """What the form of an allocation asks for."""
    return {"id": name, **NOBODY, **NEEDS, **under("window", **WINDOW), **fields}


def give(house: House) -> Browser:
    """A pool of which two teams hold half each; the office's browser."""
    office = house.window(Role.OFFICE)
    done(register(office))
    tested = under("test", at="2026-01-01T00:00", usable="64", **SOURCE)
    measured = under("test__measured", measure="tokens per second", value="97")
    found = look(office, "pool-measure", "pool-a", **tested, **measured)
    done(confirm(office, "pool-measure", found))
    done(confirm(office, "allocate", look(office, "allocate", **asked())))
    return office


def lose(office: Browser) -> None:
    """Two days at half the speed, fixed and on record."""
    done(act(office, "days-record", "pool-a", **DAYS))
    slow = {"id": "slow", "begins": "2026-01-01T00:00", "cause__ko": "느려짐"}
    done(act(office, "incident-open", "pool-a", **slow))
    done(act(office, "incident-fix", "pool-a/slow", ends="2026-01-03T00:00"))


def acts_of(house: House, kind: str) -> tuple[Act, ...]:
    """What the record holds of a kind."""
    return desk_of_office(house.office).of_kind(kind)


def test_an_allocation_is_shown_with_its_reasons_before_it_is_on_record(
    house: House,
) -> None:
    """Nothing is promised by looking; what is promised is what was shown."""
    office = house.window(Role.OFFICE)
    done(register(office))
    shown = look(office, "allocate", **asked())
    assert shown.status_code == 200
    assert "pool-a의 GPU는 64장임" in shown.text
    assert len(acts_of(house, BOOK)) == 1
    done(confirm(office, "allocate", shown))
    promised = acts_of(house, BOOK)[-1].body
    shares = {s["team"]: s["gpus"] for s in promised["event"]["shares"]}
    assert shares == {ONE: 32, TWO: 32}
    assert promised["mandate"]["by"] == house.accounts["office"].pseudonym
    assert promised["mandate"]["clause"] == "6.1"
    (why,) = acts_of(house, ALLOCATION)
    assert why.body["event"]["proposal"]["id"] == "first"
    page = office.get("/support/allocations/first", params=ENGLISH).text
    assert "pool-a has 64 GPUs" in page


def test_what_changed_since_it_was_shown_is_shown_again(house: House) -> None:
    """A pool that came meanwhile, or another need, is not promised unseen."""
    office = house.window(Role.OFFICE)
    done(register(office))
    shown = look(office, "allocate", **asked())
    done(register(office, "pool-b"))
    assert confirm(office, "allocate", shown).status_code == 409
    again = look(office, "allocate", **asked())
    more = confirm(office, "allocate", again, **LESS)
    assert more.status_code == 200
    assert "결과가 달라졌습니다" in more.text
    assert acts_of(house, ALLOCATION) == ()
    done(confirm(office, "allocate", more))


def test_rules_that_exclude_each_other_leave_nothing_to_confirm(house: House) -> None:
    """They are named, and confirming anyway puts nothing on record."""
    office = house.window(Role.OFFICE)
    done(register(office))
    needs = {name: "48" for name in NEEDS if name.endswith(".least")}
    shown = look(office, "allocate", **asked(**needs))
    assert "최소 요구량은 환산 GPU 48장임" in shown.text
    assert 'name="confirmed"' not in shown.text
    forced = confirm(office, "allocate", shown)
    assert forced.status_code == 200
    assert acts_of(house, ALLOCATION) == ()


def test_lost_time_is_computed_shown_and_given_back(house: House) -> None:
    """From the day's records to the team's page, with the formula."""
    office = give(house)
    lose(office)
    agenda = office.get("/support", params=ENGLISH).text
    assert "pool-a: time for incident slow" in agenda
    shown = look(office, "incident-compensate", "pool-a/slow")
    assert "768.00 ÷ 32.00 → 24 h" in shown.text
    done(confirm(office, "incident-compensate", shown))
    compensated = acts_of(house, POOL)[-1].body["event"]
    assert {c["team"]: c["hours"] for c in compensated["credits"]} == {ONE: 24, TWO: 24}
    assert (
        "24 h of development time"
        in house.window(Role.TEAM, ONE).get("/support", params=ENGLISH).text
    )


def test_a_team_sees_its_own_and_the_public_what_was_announced(house: House) -> None:
    """On every page and in its JSON; who acted is the office's to know."""
    office = give(house)
    lose(office)
    officer = house.accounts["office"].pseudonym
    own = house.window(Role.TEAM, ONE)
    pages = [f"/support{page}" for page in ("", "/pools/pool-a", "/allocations/first")]
    more = ["/support/fairness", "/support/ledger", "/team"]
    for page in [f"{page}{twin}" for page in pages + more for twin in ("", ".json")]:
        text = own.get(page).text
        assert "pool-a" in text or page.startswith(tuple(more))
        assert TWO not in text, page
        assert officer not in text, page
    stranger = house.window(Role.TEAM, OTHER)
    assert stranger.get("/support/allocations/first").status_code == 404
    public = house.public()
    for page in ("/support", "/support/pools/pool-a"):
        for address in (page, f"{page}.json"):
            text = public.get(address).text
            assert "baram" in text
            assert "slow" not in text
            assert not any(name in text for name in (ONE, TWO, officer))
    for page in (pages[2], *more[:2]):
        assert public.get(page).status_code == 403
    auditor = house.window(Role.AUDITOR)
    assert all(name in auditor.get(pages[2]).text for name in (ONE, TWO, officer))
    assert auditor.get("/acts/allocate").status_code == 403


def test_two_officers_at_once_lose_nothing(house: House) -> None:
    """The second meets a conflict, keeps what was entered, and can send it again."""
    office = give(house)
    slow = {"id": "slow", "begins": "2026-01-01T00:00", "cause.ko": "느려짐"}
    stale = standing_in(office.get("/acts/incident-open?of=pool-a").text)
    done(act(office, "days-record", "pool-a", **DAYS))
    before = len(acts_of(house, POOL))
    sent = stale | slow | {"confirmed": "yes"}
    refused = office.post("/acts/incident-open", sent)
    assert refused.status_code == 409
    assert len(acts_of(house, POOL)) == before
    kept = standing_in(refused.text)
    assert kept["cause.ko"] == "느려짐"
    done(office.post("/acts/incident-open", kept | {"confirmed": "yes"}))


def test_data_and_money_from_appropriation_to_the_team(house: House) -> None:
    """Bought out of the appropriation, held back, cleared, handed over."""
    office, own = house.window(Role.OFFICE), house.window(Role.TEAM, ONE)
    for name, kind in (("state", "treasury"), ("whole", "appropriation")):
        account = under("account", id=name, kind=kind, name__ko=name)
        done(act(office, "account-open", **account))
    spent = under("account", id="spent", kind="spent", name__ko="spent")
    done(act(office, "account-open", **spent))
    entry = under("entry", id="e1", text__ko="편성", on="2026-01-02")
    moves = (("state", "-900"), ("whole", "900"))
    for n, (account_id, krw) in enumerate(moves):
        entry |= {f"entry.postings.{n}.account": account_id}
        entry |= {f"entry.postings.{n}.krw": krw}
    done(act(office, "entry-post", **entry, **under("entry", **SOURCE)))
    asset = under("asset", id="news", title__ko="기사", holder="press", amount="9 h")
    asset |= under("asset", scope="shared", **SOURCE)
    done(act(office, "asset-list", **asset))
    done(act(office, "team-entitle", "news", team=ONE))
    assert own.get("/support/assets/news").status_code == 200
    handed = {"team": ONE, "on": "2026-03-01", "amount": "9 h"}
    early = act(office, "data-hand-over", "news", **handed)
    assert early.status_code == 403
    assert "9 h" in early.text
    rights = under("rights", state="cleared", terms="contract", **SOURCE)
    done(act(office, "rights-state", "news", **rights))
    bought = under("purchase", krw="500", contract="contract 1", **SOURCE)
    done(act(office, "asset-buy", "news", **bought, purchase__on="2026-02-01"))
    done(act(office, "data-hand-over", "news", **handed))
    ledger = house.view(office, "/support/ledger")
    balances = {a["account"]["id"]: a["krw"] for a in ledger["accounts"]}  # type: ignore[attr-defined]
    assert balances == {"state": -900, "whole": 400, "spent": 500}
    assert ledger["sum"] == 0
    stranger = house.window(Role.TEAM, OTHER)
    assert stranger.get("/support/assets/news").status_code == 404
    assert "기사" not in stranger.get("/support").text


def test_published_amounts_stand_side_by_side(house: House) -> None:
    """Everybody sees both, each with its source; the second erases nothing."""
    office = house.window(Role.OFFICE)
    for krw, source in (("193600000000", "notice 3"), ("213600000000", "press 8")):
        figure = under("figure", krw=krw, says__ko="총액", source__on="2025-07-01")
        figure |= {"figure__source__name": source}
        done(act(office, "figure-state", about="total-budget", **figure))
    text = house.public().get("/support").text
    for said in ("1,936억 원", "notice 3", "2,136억 원", "press 8", "금액 2개"):
        assert said in text


def test_a_late_entrant_is_offered_the_deadline_that_makes_it_equal(
    house: House,
) -> None:
    """The comparison fills in the form; once granted, the team is within."""
    office = give(house)
    late = NOBODY | {"teams.0.team": OTHER, "teams.0.least": "0", "teams.0.most": "8"}
    done(register(office, "pool-b"))
    late_window = under("window", begins="2026-01-20T00:00", ends="2026-02-01T00:00")
    shown = look(office, "allocate", **asked("second") | late | late_window)
    done(confirm(office, "allocate", shown))
    page = office.get("/support/fairness").text
    assert f"of=stage-1%2F{OTHER}" in page
    tried = office.get(
        "/support/fairness", params={f"begins.{OTHER}": "2026-01-01T00:00"}
    )
    assert "기록에 남지 않습니다" in tried.text
    wrong = office.get(
        "/support/fairness", params={f"begins.{OTHER}": "2027-01-01T00:00"}
    )
    assert wrong.status_code == 422
    done(act(office, "equal-time", f"stage-1/{OTHER}"))
    own = house.view(house.window(Role.TEAM, OTHER), "/support/fairness")
    (row,) = own["teams"]  # type: ignore[misc]
    assert row["row"]["within"] is True  # type: ignore[has-type]


def test_an_act_on_what_is_not_there_is_no_page(house: House) -> None:
    """A name that is made up leads nowhere, whatever is sent."""
    office = house.window(Role.OFFICE)
    for name in ("lease-sign", "rights-state", "grant-pay", "figure-note"):
        found = office.get(f"/acts/{name}", params={"of": "nothing/../here"})
        assert found.status_code == 404
