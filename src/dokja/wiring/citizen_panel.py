"""The citizen panel of a contest: the desk knows people, the contest knows cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from dokja.contest.battles.opening import OPENED
from dokja.contest.battles.phase import act_of
from dokja.contest.citizens.panel_margins import (
    ShownMargin,
    margins_of,
    person_of,
    shown_margins,
)
from dokja.contest.citizens.quotas import Person, full_cells
from dokja.contest.values import QuotaPlan
from dokja.errors import NotAllowed
from dokja.people.values import Stratum
from dokja.wiring.contests import ContestKeeper


@dataclass(frozen=True, kw_only=True)
class QuotaAdmission:
    """Implements `Admission` by the contest's quota plan."""

    plan: QuotaPlan
    year: int

    def check(self, person: Stratum, present: Sequence[Stratum]) -> None:
        """Nothing. Raises: NotAllowed where a place is missing or an answer is."""
        cells = _cells(self.plan, person)
        if cells is None:
            raise NotAllowed(
                "the panel needs the optional consent and an answer to each of its "
                "questions; nothing was stored",
                remedy="agree and answer them, or do not take part",
                korean="국민평가단은 구성 비율을 맞추어야 하므로 선택 동의와 각 항목의 "
                "응답이 필요합니다. 저장한 정보는 없습니다",
            )
        there = [_cells(self.plan, each) for each in present]
        counts = margins_of(self.plan, [each for each in there if each is not None])
        full = full_cells(self.plan, counts, cells)
        if full:
            names = [_named(self.plan, state.margin, state.cell) for state in full]
            raise NotAllowed(
                "all places of the panel are taken for "
                + ", ".join(english for _, english in names)
                + "; nothing was stored",
                remedy="thank you for offering; a place may become free later",
                korean="국민평가단의 "
                + ", ".join(korean for korean, _ in names)
                + " 자리가 모두 찼습니다. 신청해 주셔서 감사합니다. 저장한 정보는 "
                "없으며, 자리가 나면 다시 신청하실 수 있습니다",
            )


def admission_of(keeper: ContestKeeper | None) -> QuotaAdmission | None:
    """What a voter must fit into; None where everybody may vote."""
    if keeper is None or keeper.plan.quotas is None:
        return None
    return QuotaAdmission(plan=keeper.plan.quotas, year=_year(keeper))


def panel_people(keeper: ContestKeeper) -> Mapping[int, Person]:
    """The cells of every voter whose answers are kept, by number."""
    plan = keeper.plan.quotas
    if plan is None:
        return {}
    strata = keeper.desk.people.strata(keeper.id, _year(keeper))
    found = {number: _cells(plan, each) for number, each in strata.items()}
    return {number: cells for number, cells in found.items() if cells is not None}


def panel_margins(
    keeper: ContestKeeper, *, for_office: bool = False
) -> tuple[ShownMargin, ...]:
    """Planned against reached, small cells hidden from the public; none without."""
    plan = keeper.plan.quotas
    if plan is None:
        return ()
    least = 0 if for_office else keeper.plan.rules.least_cell
    people = tuple(panel_people(keeper).values())
    return shown_margins(plan, people, least_cell=least)


def _year(keeper: ContestKeeper) -> int:
    """In which ages are reached: that of the opening, so that nobody moves on."""
    opened = act_of(keeper.acts, OPENED)
    return datetime.fromisoformat(keeper.now() if opened is None else opened.at).year


def _cells(plan: QuotaPlan, person: Stratum) -> Person | None:
    return person_of(plan, msgspec.structs.asdict(person))


def _named(plan: QuotaPlan, margin: str, cell: str) -> tuple[str, str]:
    found = next(each for each in plan.margins if each.id == margin)
    name = next(each.name for each in found.cells if each.cell == cell)
    return (
        f"{found.name.ko} ‘{name.ko if name else cell}’",
        f"{found.name.en} “{name.en if name else cell}”",
    )
