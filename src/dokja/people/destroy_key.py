"""Destroying a contest's key: after it nobody can tell who took part."""

from __future__ import annotations

from datetime import datetime

from dokja.errors import NotAllowed
from dokja.evidence.canonical import act_digest
from dokja.evidence.values import Act
from dokja.people.erase import Place
from dokja.people.permissions import Permission, require
from dokja.people.ports import Desk
from dokja.people.register import identity_key
from dokja.people.values import Account

CONTEST_KEY_DESTROYED = "contest_key_destroyed"


def destroy_key(
    desk: Desk,
    by: Account,
    contest: str,
    *,
    place: Place,
    publication: Act | None,
    now: datetime,
) -> int:
    """How many voters' data were deleted with the key and the fingerprints.

    `publication` is the act by which the contest's votes were published.
    Raises: NotAllowed where `by` may not run contests, or nothing was published
    yet: without the key a second registration could not be told from a first.
    """
    require(by, Permission.RUN_CONTEST)
    if publication is None:
        raise NotAllowed(
            f"the votes of {contest} are not published yet",
            remedy="publish them and settle the objections first",
        )
    act = Act(
        programme=place.programme,
        stage=place.stage,
        kind=CONTEST_KEY_DESTROYED,
        subject=contest,
        at=now.isoformat(timespec="seconds"),
        body={"publication": act_digest(publication)},
    )
    return desk.people.close_contest(contest, identity_key(contest), act)
