"""What may be shown while a contest runs: how many took part, never who leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from dokja.contest.battles.cast import ADMITTED, CAST, VOIDED, voter_subject
from dokja.contest.battles.opening import RunningContest
from dokja.contest.battles.took_part import DayCount, Participation
from dokja.contest.ports import TurnoutLog
from dokja.contest.values import VoidReason
from dokja.evidence.values import Act

__all__ = ["Participation", "participation", "turnout"]


def participation(acts: Iterable[Act]) -> Participation:
    """Participation from the acts of a contest's voters and battles."""
    admitted, people = 0, set()
    reasons: Counter[str] = Counter()
    votes: Counter[str] = Counter()
    voided: Counter[str] = Counter()
    for act in acts:
        day = act.at[:10]
        if act.kind == ADMITTED:
            admitted += 1
        elif act.kind == CAST:
            votes[day] += 1
            people.add(act.subject.rsplit("/", 1)[0])
        elif act.kind == VOIDED:
            voided[day] += 1
            reasons[str(act.body["reason"])] += 1
    return Participation(
        admitted=admitted,
        voters=len(people),
        votes=votes.total(),
        voided={reason.value: reasons[reason.value] for reason in VoidReason},
        days=tuple(
            DayCount(day=day, votes=votes[day], voided=voided[day])
            for day in sorted({*votes, *voided})
        ),
    )


def turnout(log: TurnoutLog, contest: RunningContest) -> Participation:
    """Participation from counts that the log makes; `participation` of all acts."""
    place = (contest.programme, contest.stage)
    prefix = f"{contest.plan.rules.id}/"
    votes = log.by_day(*place, CAST, prefix)
    voided = log.by_day(*place, VOIDED, prefix)
    reasons = Counter(
        str(act.body["reason"]) for act in log.of_kind(*place, VOIDED, prefix)
    )
    width = len(voter_subject(contest, 0))
    return Participation(
        admitted=sum(log.by_day(*place, ADMITTED, prefix).values()),
        voters=log.owners(*place, CAST, prefix, width),
        votes=sum(votes.values()),
        voided={reason.value: reasons[reason.value] for reason in VoidReason},
        days=tuple(
            DayCount(day=day, votes=votes.get(day, 0), voided=voided.get(day, 0))
            for day in sorted({*votes, *voided})
        ),
    )
