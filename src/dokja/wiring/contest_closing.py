"""From the last vote to the published result: one act after the other, each once.

Whoever calls `settle` after a crash goes on where it stopped: what is on record
is not done again, and nothing is decided from what was only in memory.
"""

from __future__ import annotations

from pathlib import Path

from dokja.adapters.folders.whole_file import written_beside
from dokja.contest.battles.battle_table import battle_table, voter_name
from dokja.contest.battles.opening import (
    CLOSED,
    RATED,
    SCREENED,
    UNBLINDED,
    WEIGHTED,
    close_contest,
    unblind,
)
from dokja.contest.battles.phase import act_of
from dokja.contest.citizens.panel_margins import CitizenOutcome, citizen_outcome
from dokja.contest.published.publish import VOTES_PUBLISHED, append_publication
from dokja.contest.published.published_votes import publish_votes, published_csv
from dokja.contest.rating.rate_contest import (
    ContestOutcome,
    append_outcome,
    append_screening,
    rate_contest,
    screen_contest,
    votes_to_publish,
)
from dokja.contest.rating.record import ContestRecord, record_of
from dokja.contest.screening.screened import Screening
from dokja.contest.values import ContestUnblinded
from dokja.errors import NotAllowed
from dokja.evidence.canonical import read_as
from dokja.evidence.values import Act
from dokja.wiring.citizen_panel import panel_people
from dokja.wiring.contests import ContestKeeper

VOTES = "votes.csv"


def settle(keeper: ContestKeeper, *, why: str) -> ContestOutcome:
    """The outcome, the contest closed, screened, unblinded, rated and published.

    Raises: what the acts raise; what was done before stands then.
    """
    close(keeper, why=why)
    screen(keeper)
    reveal(keeper)
    rate(keeper)
    publish(keeper)
    found = outcome_of(keeper)
    assert found is not None
    return found


def close(keeper: ContestKeeper, *, why: str) -> Act:
    """The act after which no vote counts."""
    known = act_of(keeper.acts, CLOSED)
    if known is not None:
        return known
    return close_contest(keeper.store.votes, keeper.contest, at=keeper.now(), why=why)


def screen(keeper: ContestKeeper) -> Act:
    """The act of the screening, decided on blind labels. Raises: NotAllowed.

    The refusal is a contest that is still open: its screening would not be of
    all votes.
    """
    known = act_of(keeper.acts, SCREENED)
    if known is not None:
        return known
    if act_of(keeper.acts, CLOSED) is None:
        raise NotAllowed(
            "the contest is still open",
            remedy="close it before its voters are screened",
        )
    found = screen_contest(record(keeper), keeper.contest)
    return append_screening(keeper.store.votes, keeper.contest, found, at=keeper.now())


def reveal(keeper: ContestKeeper) -> Act:
    """The act that reveals the secret. Raises: NotAllowed before the screening."""
    known = act_of(keeper.acts, UNBLINDED)
    if known is not None:
        return known
    salt = keeper.key("salt").hex()
    return unblind(keeper.store.votes, keeper.contest, salt=salt, at=keeper.now())


def rate(keeper: ContestKeeper) -> Act:
    """The act of the outcome, derived from the record. Raises: NotAllowed."""
    known = act_of(keeper.acts, RATED)
    if known is not None:
        return known
    found = rate_contest(record(keeper))
    _weigh(keeper)
    return append_outcome(keeper.store.votes, keeper.contest, found, at=keeper.now())


def _weigh(keeper: ContestKeeper) -> None:
    """Appends the panel's weighted rating, once; nothing in a public contest.

    Before the rating: who was killed in between comes here again.
    """
    plan = keeper.plan.quotas
    if plan is None or act_of(keeper.acts, WEIGHTED) is not None:
        return
    held, contest = record(keeper), keeper.contest
    flagged = () if held.screening is None else held.screening.flagged
    table = battle_table(held, seed=contest.seed).table
    found = citizen_outcome(
        plan,
        table.of(~table.by_voters([one.voter for one in flagged])),
        {voter_name(n): cells for n, cells in panel_people(keeper).items()},
        least_cell=keeper.plan.rules.least_cell,
        source=keeper.id,
    )
    act = contest.act(WEIGHTED, keeper.id, at=keeper.now(), body=found)
    keeper.store.votes.append(act)


def publish(keeper: ContestKeeper) -> Act | None:
    """The act of the publication; None where too few people voted to hide anybody.

    The salt of the new numbers is thrown away with the first call; what it gave
    is kept as the file.
    """
    known = act_of(keeper.acts, VOTES_PUBLISHED)
    if known is not None:
        return known
    place = _file(keeper)
    if not place.is_file():
        try:
            rows = publish_votes(
                votes_to_publish(record(keeper)),
                salt=keeper.desk.secrets.token(),
                least_cell=keeper.plan.rules.least_cell,
            )
        except NotAllowed:
            return None
        written_beside(place, published_csv(rows).encode()).replace(place)
    file = place.read_bytes()
    return append_publication(
        keeper.store.votes,
        keeper.contest,
        file,
        votes=file.count(b"\n") - 1,
        at=keeper.now(),
    )


def record(keeper: ContestKeeper) -> ContestRecord:
    """Everything the result follows from, read from the acts."""
    setting = keeper.setting
    acts = keeper.store.votes.under(setting.programme, setting.stage, keeper.id)
    return record_of(keeper.plan, keeper.materials.answers, acts)


def outcome_of(keeper: ContestKeeper) -> ContestOutcome | None:
    """The outcome on record; None before the contest was rated."""
    act = act_of(keeper.acts, RATED)
    return None if act is None else read_as(act.body, ContestOutcome, where=RATED)


def citizens_of(keeper: ContestKeeper) -> CitizenOutcome | None:
    """The panel's weighted rating on record; None without a panel, or before."""
    act = act_of(keeper.acts, WEIGHTED)
    return None if act is None else read_as(act.body, CitizenOutcome, where=WEIGHTED)


def screening_of(keeper: ContestKeeper) -> Screening | None:
    """The screening on record, under blind labels; for the office alone."""
    act = act_of(keeper.acts, SCREENED)
    return None if act is None else read_as(act.body, Screening, where=SCREENED)


def revealed(keeper: ContestKeeper) -> ContestUnblinded | None:
    """Secret and salt, once they were revealed."""
    act = act_of(keeper.acts, UNBLINDED)
    return None if act is None else read_as(act.body, ContestUnblinded, where=UNBLINDED)


def published_votes_of(keeper: ContestKeeper) -> bytes | None:
    """The file of the published votes; None before it is on record."""
    place = _file(keeper)
    if act_of(keeper.acts, VOTES_PUBLISHED) is None or not place.is_file():
        return None
    return place.read_bytes()


def _file(keeper: ContestKeeper) -> Path:
    return keeper.setting.work / VOTES
