"""A stage at a glance: what is done, due and stuck, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from dokja.contest.battles.participation import Participation
from dokja.contest.battles.phase import ContestPhase
from dokja.contest.served.endpoint_faults import EndpointStanding, EndpointState
from dokja.evidence.values import Text
from dokja.panel.desk import PanelStatus
from dokja.programme.freeze import FROZEN
from dokja.stage import acts
from dokja.stage.values import Schedule

SOON = timedelta(days=3)
QUIET = timedelta(hours=24)
MANY_FAILED = 20
"""Attempts to sign in within an hour; above it somebody may be guessing."""
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
    phase: ContestPhase | None
    """Of the contest."""
    votes_needed: int
    """Votes from which the contest's rules expect to tell teams apart."""
    last_vote: datetime | None
    endpoints: Sequence[EndpointStanding]
    users: UserEvaluation | None = None
    """None where invited users have no tasks."""
    invitations_expired: int = 0
    """Whose time ran out before anybody used them."""
    failed_sign_ins: int = 0
    """Within the last hour."""


class UserEvaluation(msgspec.Struct, frozen=True, kw_only=True):
    """How far the invited users are, as counts."""

    is_open: bool
    is_closed: bool
    users: int
    not_begun: int
    missing: int
    """Ballots of those who began that are not handed in."""


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
    duties = tuple(_duty(entry, situation) for _, _, entry in moments)
    alarms = (
        *_overdue_alarms(duties),
        *_panel_alarms(situation),
        *_contest_alarms(situation),
        *_people_alarms(situation),
    )
    ordered = sorted(alarms, key=lambda alarm: alarm.level is not AlarmLevel.ACT)
    return Overview(duties=duties, alarms=tuple(ordered))


def _duty(entry: str, situation: Situation) -> Duty:
    name, kind = DUTIES[entry]
    due = getattr(situation.schedule, entry)
    waits = tuple(_waits_for(entry, situation))
    is_settled = situation.tally.get(kind, 0) > 0 or (
        entry == "ballots_closed"
        and situation.users is not None
        and situation.users.is_closed
    )
    done = is_settled and not waits
    return Duty(
        id=entry,
        name=name,
        due=due,
        state=DutyState.DONE if done else _pending(due, situation.now),
        waits_for=waits,
    )


def _overdue_alarms(duties: Sequence[Duty]) -> Iterator[Alarm]:
    late = [duty.name for duty in duties if duty.state is DutyState.OVERDUE]
    if late:
        yield Alarm(
            id="overdue",
            level=AlarmLevel.ACT,
            text=Text(
                ko=f"기한이 지난 업무: {', '.join(name.ko for name in late)}",
                en=f"Overdue: {', '.join(name.en for name in late)}",
            ),
            remedy=Text(
                ko="아래 표에서 남은 것을 확인하십시오. "
                "기한을 바꾸려면 사유를 기록해야 합니다.",
                en="The table below says what each waits for. Another date needs its "
                "reason on record.",
            ),
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
    if entry == "ballots_closed" and situation.users is not None:
        yield from _user_waits(situation.users)
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


def _user_waits(users: UserEvaluation) -> Iterator[Text]:
    if users.is_closed:
        return
    if not users.is_open:
        yield Text(ko="이용자 평가를 열지 않음", en="the user evaluation is not open")
    if not users.users:
        yield Text(ko="등록한 초청 이용자 없음", en="no invited user has an account")
    if users.not_begun:
        yield Text(
            ko=f"시작하지 않은 초청 이용자 {users.not_begun}명",
            en=f"{users.not_begun} of {users.users} invited users have not begun",
        )
    if users.missing:
        yield Text(
            ko=f"제출되지 않은 이용자 평가표 {users.missing}건",
            en=f"{users.missing} ballots of invited users are missing",
        )


def _people_alarms(situation: Situation) -> Iterator[Alarm]:
    if situation.failed_sign_ins > MANY_FAILED:
        count = situation.failed_sign_ins
        yield Alarm(
            id="sign-ins",
            level=AlarmLevel.ACT,
            text=Text(
                ko=f"최근 한 시간 동안 로그인 실패가 {count}회 있었습니다.",
                en=f"{count} attempts to sign in failed within the last hour.",
            ),
            remedy=Text(
                ko="감사 기록에서 같은 시각의 다른 일을 확인하십시오. 계정과 주소별 "
                "제한은 이미 걸려 있습니다.",
                en="See in the audit what else happened then; limits by account and "
                "address are in force already.",
            ),
        )
    if situation.invitations_expired:
        count = situation.invitations_expired
        yield Alarm(
            id="invitations",
            level=AlarmLevel.WATCH,
            text=Text(
                ko=f"쓰이지 않은 채 기한이 지난 초대가 {count}건 있습니다.",
                en=f"{count} invitations expired unused.",
            ),
            remedy=Text(
                ko="필요한 사람에게 새 초대 링크를 전달하십시오.",
                en="Make a new link for whoever still has to come.",
            ),
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
    if situation.contest is None or situation.phase is not ContestPhase.OPEN:
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
