"""A stage at a glance: what is done, due and stuck, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from dokja.contest.endpoint_faults import EndpointStanding, EndpointState
from dokja.contest.participation import Participation
from dokja.evidence.values import Text
from dokja.panel.desk import PanelStatus
from dokja.programme.freeze import FROZEN
from dokja.stage import acts
from dokja.stage.values import Schedule

SOON = timedelta(days=3)
QUIET = timedelta(hours=24)
VOIDED_SHARE = 0.1
"""Of battles; above it something is wrong with answers or endpoints."""


class DutyState(StrEnum):
    """Where a duty of the office stands."""

    DONE = "done"
    AHEAD = "ahead"
    DUE = "due"
    OVERDUE = "overdue"


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """One act of the stage: when it is due and what still stands in its way."""

    id: str
    name: Text
    due: str
    state: DutyState
    waits_for: tuple[Text, ...]


class AlarmLevel(StrEnum):
    """How urgent an alarm is."""

    WATCH = "watch"
    ACT = "act"


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """Something that will not mend by itself."""

    id: str
    level: AlarmLevel
    text: Text
    remedy: Text


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a stage at one moment; an overview follows from it alone."""

    now: datetime
    schedule: Schedule
    tally: Mapping[str, int]
    """Acts of the stage by kind."""
    teams: int
    panel: PanelStatus | None
    """None where no panel was set up."""
    contest: Participation | None
    """None where the stage has no contest."""
    contest_state: ContestState
    votes_needed: int
    """Votes from which the contest's rules expect to tell teams apart."""
    last_vote: datetime | None
    endpoints: Sequence[EndpointStanding]


class ContestState(StrEnum):
    """How far a contest is."""

    NONE = "none"
    PREPARED = "prepared"
    OPEN = "open"
    CLOSED = "closed"
    UNBLINDED = "unblinded"


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """The stage at a glance."""

    duties: tuple[Duty, ...]
    """By the time at which they are due."""
    alarms: tuple[Alarm, ...]
    """The urgent ones first."""


DUTIES: Mapping[str, tuple[Text, str]] = {
    "rules_frozen": (Text(ko="규정 동결", en="Freeze the rules"), FROZEN),
    "sealed": (Text(ko="제출물 봉인", en="Seal the submissions"), acts.SEAL),
    "benchmarked": (Text(ko="공식 벤치마크", en="Official benchmarks"), acts.RUN),
    "panel_closed": (Text(ko="전문가 평가 마감", en="Close the panel"), acts.PANEL),
    "ballots_closed": (
        Text(ko="이용자 평가 마감", en="Close the user evaluation"),
        acts.BALLOTS,
    ),
    "lineage_measured": (
        Text(ko="독자성 분석", en="Independence analysis"),
        acts.LINEAGE,
    ),
    "reply_requested": (Text(ko="소명 접수", en="Right to reply"), acts.REPLIES),
    "decided": (Text(ko="단계평가 결정", en="Decision"), acts.DECISION),
}
"""Entry of the schedule to its name and the kind of act that settles it."""


def overview(situation: Situation) -> Overview:
    """The stage at a glance, from the situation alone."""
    schedule = situation.schedule
    moments = sorted(
        (datetime.fromisoformat(getattr(schedule, entry)), place, entry)
        for place, entry in enumerate(DUTIES)
    )
    alarms = (*_panel_alarms(situation), *_contest_alarms(situation))
    ordered = sorted(alarms, key=lambda alarm: alarm.level is not AlarmLevel.ACT)
    return Overview(
        duties=tuple(_duty(entry, situation) for _, _, entry in moments),
        alarms=tuple(ordered),
    )


def _duty(entry: str, situation: Situation) -> Duty:
    name, kind = DUTIES[entry]
    due = getattr(situation.schedule, entry)
    waits = tuple(_waits_for(entry, situation))
    done = situation.tally.get(kind, 0) > 0 and not waits
    return Duty(
        id=entry,
        name=name,
        due=due,
        state=DutyState.DONE if done else _pending(due, situation.now),
        waits_for=waits,
    )


def _pending(due: str, now: datetime) -> DutyState:
    left = datetime.fromisoformat(due) - now
    if left < timedelta(0):
        return DutyState.OVERDUE
    return DutyState.DUE if left < SOON else DutyState.AHEAD


def _waits_for(entry: str, situation: Situation) -> Iterator[Text]:
    """What a duty still lacks, as counts a person can act on."""
    if entry == "sealed":
        missing = situation.teams - situation.tally.get(acts.SEAL, 0)
        if missing > 0:
            yield Text(
                ko=f"제출물을 봉인하지 않은 팀 {missing}곳",
                en=f"{missing} of {situation.teams} teams have sealed nothing",
            )
    if entry == "panel_closed" and situation.panel is not None:
        if situation.panel.missing:
            count = len(situation.panel.missing)
            yield Text(
                ko=f"제출되지 않은 평가표 {count}건", en=f"{count} sheets are missing"
            )
        for team in situation.panel.short:
            yield Text(
                ko=f"{team}: 평가표가 정족수에 미치지 못함",
                en=f"{team}: fewer sheets than the quorum",
            )


def _panel_alarms(situation: Situation) -> Iterator[Alarm]:
    panel = situation.panel
    if panel is None:
        return
    for line in panel.coverage:
        if line.is_short:
            yield Alarm(
                id=f"panel-short/{line.team}",
                level=AlarmLevel.ACT,
                text=Text(
                    ko=f"{line.team}: 회피 {line.recused}명으로 위원이 부족합니다.",
                    en=f"{line.team}: {line.recused} recusals leave too few experts.",
                ),
                remedy=Text(
                    ko="위원을 추가로 위촉하고 배정을 다시 하십시오.",
                    en="Appoint more experts and assign again.",
                ),
            )
    if panel.left_out:
        count = len(panel.left_out)
        yield Alarm(
            id="panel-left-out",
            level=AlarmLevel.WATCH,
            text=Text(
                ko=f"이해관계로 집계에서 빠진 평가표가 {count}건 있습니다.",
                en=f"{count} sheets do not count because of an interest.",
            ),
            remedy=Text(
                ko="사유를 확인하십시오. 평가표는 기록에 그대로 남습니다.",
                en="Look at the reasons; the sheets stay on record.",
            ),
        )


def _contest_alarms(situation: Situation) -> Iterator[Alarm]:
    for standing in situation.endpoints:
        if standing.state is not EndpointState.IN_SERVICE:
            refer = standing.state is EndpointState.REFER
            yield Alarm(
                id=f"endpoint/{standing.team}",
                level=AlarmLevel.ACT if refer else AlarmLevel.WATCH,
                text=Text(
                    ko=f"{standing.team}: 모델 서버 장애 {standing.counted}회"
                    f"(한도 {standing.quota}회)",
                    en=f"{standing.team}: {standing.counted} faults of the model's "
                    f"server, {standing.quota} allowed",
                ),
                remedy=standing.note,
            )
    if situation.contest is None or situation.contest_state is not ContestState.OPEN:
        return
    yield from _open_contest_alarms(situation, situation.contest)


def _open_contest_alarms(situation: Situation, found: Participation) -> Iterator[Alarm]:
    voided = sum(found.voided.values())
    if voided > VOIDED_SHARE * max(found.votes + voided, 20):
        yield Alarm(
            id="contest-voided",
            level=AlarmLevel.ACT,
            text=Text(
                ko=f"무효 처리된 비교가 {voided}건으로 전체의 "
                f"{voided / (found.votes + voided):.0%}입니다.",
                en=f"{voided} battles were voided, "
                f"{voided / (found.votes + voided):.0%} of all.",
            ),
            remedy=Text(
                ko="사유별 건수를 보고 답변과 모델 서버를 점검하십시오.",
                en="See the reasons and check answers and endpoints.",
            ),
        )
    last = situation.last_vote
    if last is not None and situation.now - last > QUIET:
        hours = int((situation.now - last).total_seconds() // 3600)
        yield Alarm(
            id="contest-quiet",
            level=AlarmLevel.WATCH,
            text=Text(
                ko=f"{hours}시간 동안 들어온 투표가 없습니다.",
                en=f"No vote came in for {hours} hours.",
            ),
            remedy=Text(
                ko="참여 안내와 접속 상태를 확인하십시오.",
                en="Check the announcement and whether the site can be reached.",
            ),
        )
    closing = datetime.fromisoformat(situation.schedule.ballots_closed)
    if found.votes < situation.votes_needed and closing - situation.now < SOON:
        yield Alarm(
            id="contest-few-votes",
            level=AlarmLevel.WATCH,
            text=Text(
                ko=f"투표 {found.votes:,}건으로 필요한 {situation.votes_needed:,}건에 "
                "미치지 못합니다.",
                en=f"{found.votes:,} votes of the {situation.votes_needed:,} that "
                "are needed.",
            ),
            remedy=Text(
                ko="참여자를 더 모집하거나 일정 변경을 사유와 함께 기록하십시오.",
                en="Invite more people, or record a change of schedule with its "
                "reason.",
            ),
        )
