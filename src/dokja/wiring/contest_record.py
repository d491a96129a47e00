"""The record of a closed contest, written where its stage reads it."""

from __future__ import annotations

from pathlib import Path

from dokja.adapters.folders.whole_file import written_beside
from dokja.contest import (
    parse_contest_record,
    publish_contest,
    read_published,
)
from dokja.contest.endpoint_faults import (
    EndpointStanding,
    endpoint_standings,
    faults_of,
)
from dokja.contest.endpoints import EndpointRules
from dokja.contest.published_contest import FILE
from dokja.errors import NotAllowed, Unavailable
from dokja.evidence.canonical import canonical_bytes
from dokja.wiring.contest_closing import (
    VOTES,
    outcome_of,
    published_votes_of,
    record,
)
from dokja.wiring.contests import ContestKeeper


def write_contest_record(
    keeper: ContestKeeper,
    stage_folder: Path,
    *,
    endpoints: EndpointRules | None = None,
) -> Path:
    """Path of `contest.json` in the stage's folder; written again, the same bytes.

    `endpoints` are the rules under which models answered while people voted;
    None where answers were prepared. Raises: NotAllowed before the contest was
    rated and its votes published; Unavailable where nothing can be written.
    """
    outcome, votes = outcome_of(keeper), published_votes_of(keeper)
    if outcome is None or votes is None:
        raise NotAllowed(
            "the contest has no published votes",
            remedy="settle it first; where too few people voted to hide anybody, the "
            "stage goes on without it",
        )
    found = publish_contest(
        record(keeper),
        outcome,
        read_published(votes.decode(), where=VOTES),
        endpoints=() if endpoints is None else _standings(keeper, endpoints),
    )
    data = canonical_bytes(found) + b"\n"
    # What the stage could not read again is not written.
    parse_contest_record(data.decode(), where=FILE)
    path = stage_folder / FILE
    try:
        written_beside(path, data).replace(path)
    except OSError as error:
        raise Unavailable(
            f"{path} cannot be written: {error}",
            remedy="copy the programme to a folder that the office may write to",
        ) from error
    return path


def _standings(
    keeper: ContestKeeper, rules: EndpointRules
) -> tuple[EndpointStanding, ...]:
    setting = keeper.setting
    acts = keeper.store.votes.under(setting.programme, setting.stage, f"{keeper.id}/")
    return endpoint_standings(keeper.plan.rules.teams, faults_of(acts), rules)
