"""The audit, for the office and for auditors."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import Query

from dokja.evidence.values import Text
from dokja.people import ROLE_NAMES, Permission, require
from dokja.people.values import AuditEntry, Role
from dokja.web.entry import Member, Visitor
from dokja.web.pages import Page, Room

room = Room()
_A_PAGE = 100
_LARGEST = 2**62
"""Both databases number lines with 64 bits."""


class AuditView(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of the audit, the newest first."""

    entries: tuple[AuditEntry, ...]
    older: int | None
    """Number after which the older lines begin; None where there are none."""
    roles: dict[Role, Text]


@room.page("/audit")
def audit_page(
    visit: Visitor, member: Member, before: Annotated[int, Query(ge=0, le=_LARGEST)] = 0
) -> Page:
    """The newest lines, or those before a number."""
    require(member, Permission.SEE_AUDIT)
    audit = visit.office.desk.audit
    if before:
        found = audit.entries(after=max(0, before - 1 - _A_PAGE), limit=_A_PAGE)
        entries = tuple(e for e in reversed(found) if e.sequence < before)
    else:
        entries = audit.latest(_A_PAGE)
    last = entries[-1].sequence if entries else 1
    view = AuditView(
        entries=entries, older=last if last > 1 else None, roles=dict(ROLE_NAMES)
    )
    title = Text(ko="접속·처리 기록", en="Audit trail")
    return Page(template="access/audit.html", title=title, view=view)
