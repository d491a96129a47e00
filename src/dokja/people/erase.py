"""Erasing a person: the data go, the pseudonym in the record stays."""

from __future__ import annotations

from datetime import datetime

import msgspec

from dokja.errors import NotAllowed
from dokja.evidence.values import Act
from dokja.people.permissions import Permission, may
from dokja.people.ports import Desk
from dokja.people.values import Account, Role

PERSON_ERASED = "person_erased"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Programme and stage whose record an act is appended to."""

    programme: str
    stage: str


def erase(
    desk: Desk, account: Account, *, by: Account, place: Place, now: datetime
) -> Act:
    """The act that says so; it names the pseudonym and nothing else.

    Card, account, password, identity, consents, sessions and drafts are deleted
    in the same transaction. The contest's fingerprint stays until its key is
    destroyed, so that nobody votes twice; it cannot be tied to the pseudonym.
    Raises: NotAllowed where it is neither one's own account nor the office's to
    close, or the office would be left without anybody.
    """
    if by.id != account.id and not may(by, Permission.MANAGE_ACCOUNTS):
        raise NotAllowed(
            "this account is somebody else's",
            remedy="erase your own data, or ask the office",
        )
    _require_successor(desk, account)
    act = Act(
        programme=place.programme,
        stage=place.stage,
        kind=PERSON_ERASED,
        subject=account.pseudonym,
        at=now.isoformat(timespec="seconds"),
        body={"role": account.role.value},
    )
    if not desk.people.erase(account.id, act):
        raise NotAllowed(
            "there is no such account any more", remedy="nothing is left to be done"
        )
    return act


def _require_successor(desk: Desk, account: Account) -> None:
    if account.role is not Role.OFFICE:
        return
    if not any(
        other.role is Role.OFFICE and other.id != account.id
        for other in desk.people.accounts()
    ):
        raise NotAllowed(
            "this is the office's last account, without which nobody can be invited",
            remedy="invite a successor first",
            korean="사무국의 마지막 계정입니다. 후임자를 먼저 초대해 주십시오.",
        )
