"""The rooms of the site, and who is shown the way to which."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from dokja.evidence.values import Text
from dokja.people.values import Role
from dokja.wiring.office import Office


class MenuEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A room of the site."""

    path: str
    name: Text
    roles: frozenset[Role] | None = None
    """None: everybody is shown it."""
    is_there: Callable[[Office], bool] = lambda _: True
    """Whether the stage has what the room is about."""


MENU = (
    MenuEntry(path="/", name=Text(ko="사업 현황", en="Programme")),
    MenuEntry(path="/rules", name=Text(ko="규정", en="Rules")),
    MenuEntry(path="/calls", name=Text(ko="공모", en="Calls")),
    MenuEntry(path="/schedule", name=Text(ko="일정", en="Schedule")),
    MenuEntry(
        path="/support",
        name=Text(ko="지원", en="Support"),
        is_there=lambda office: bool(office.rulebook.support_rules),
    ),
    MenuEntry(
        path="/contest",
        name=Text(ko="국민 참여 평가", en="Public contest"),
        is_there=lambda office: office.keeper is not None,
    ),
    MenuEntry(path="/results", name=Text(ko="결과", en="Results")),
    MenuEntry(path="/commitments", name=Text(ko="약속", en="Commitments")),
    MenuEntry(path="/decisions", name=Text(ko="결정 이후", en="After the decision")),
    MenuEntry(
        path="/trials",
        name=Text(ko="이용자 평가", en="User evaluation"),
        roles=frozenset({Role.EXPERT_USER}),
        is_there=lambda office: office.trials is not None,
    ),
    MenuEntry(
        path="/panel",
        name=Text(ko="전문가 평가", en="Expert panel"),
        roles=frozenset({Role.EXPERT}),
    ),
    MenuEntry(
        path="/team",
        name=Text(ko="팀 창구", en="Team portal"),
        roles=frozenset({Role.TEAM}),
    ),
    MenuEntry(
        path="/office",
        name=Text(ko="운영 상황판", en="Office console"),
        roles=frozenset({Role.OFFICE}),
    ),
    MenuEntry(
        path="/audit",
        name=Text(ko="감사 기록", en="Audit trail"),
        roles=frozenset({Role.OFFICE, Role.AUDITOR}),
    ),
)


def menu_of(role: Role, office: Office) -> tuple[MenuEntry, ...]:
    """The rooms of this office that a role is shown, in their order."""
    return tuple(
        entry
        for entry in MENU
        if (entry.roles is None or role in entry.roles) and entry.is_there(office)
    )
