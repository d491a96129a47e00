"""Who may do and see what: one table, which every page asks."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from dokja.errors import NotAllowed
from dokja.evidence.values import Text
from dokja.people.values import Account, Role


class Reach(StrEnum):
    """How far a permission goes."""

    NOTHING = "nothing"
    OWN = "own"
    ALL = "all"


class Permission(StrEnum):
    """One thing that somebody may do or see."""

    SEE_PUBLISHED = "see_published"
    SEE_PARTICIPATION = "see_participation"
    VOTE = "vote"
    RATE_MODELS = "rate_models"
    DECLARE_INTERESTS = "declare_interests"
    SCORE_SHEETS = "score_sheets"
    ENTER_READING_ROOM = "enter_reading_room"
    SEE_RECUSALS = "see_recusals"
    SEE_SUBMISSION = "see_submission"
    SEE_SCORES = "see_scores"
    REPLY = "reply"
    OBJECT = "object"
    SEE_OPERATIONS = "see_operations"
    RUN_PANEL = "run_panel"
    RUN_CONTEST = "run_contest"
    SEE_SUPPORT = "see_support"
    RUN_PROGRAMME = "run_programme"
    ACT_FOR_TEAM = "act_for_team"
    INVITE = "invite"
    MANAGE_ACCOUNTS = "manage_accounts"
    SEE_APPOINTED = "see_appointed"
    SEE_VOTERS = "see_voters"
    SEE_RECORD = "see_record"
    SEE_AUDIT = "see_audit"
    KEEP_OWN_DATA = "keep_own_data"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table: the permission in words, and who has it how far."""

    name: Text
    reach: Mapping[Role, Reach]

    def of(self, role: Role) -> Reach:
        """How far the permission goes for this role."""
        return self.reach.get(role, Reach.NOTHING)


def _row(ko: str, en: str, **reach: Reach) -> Row:
    return Row(
        name=Text(ko=ko, en=en),
        reach={Role(role): width for role, width in reach.items()},
    )


_ALL, _OWN = Reach.ALL, Reach.OWN
_EVERYBODY = {role.value: _ALL for role in Role}
_SIGNED_IN = {role.value: _OWN for role in Role if role is not Role.PUBLIC}

TABLE: Mapping[Permission, Row] = {
    Permission.SEE_PUBLISHED: _row(
        "공개 자료 열람", "see what is published", **_EVERYBODY
    ),
    Permission.SEE_PARTICIPATION: _row(
        "투표 참여 현황 열람(순위 제외)",
        "see how many took part, never a standing",
        **_EVERYBODY,
    ),
    Permission.VOTE: _row("블라인드 투표", "vote blind", voter=_OWN),
    Permission.RATE_MODELS: _row(
        "초청 이용자 평가", "rate models as an invited user", expert_user=_OWN
    ),
    Permission.DECLARE_INTERESTS: _row(
        "이해관계 신고", "declare interests", expert=_OWN, expert_user=_OWN
    ),
    Permission.SCORE_SHEETS: _row(
        "배정된 팀의 평가표 작성", "score the teams one is assigned to", expert=_OWN
    ),
    Permission.ENTER_READING_ROOM: _row(
        "열람실 이용(기술보고서, 학습기록, 계보 분석)",
        "read technical report, training record and lineage in the reading room",
        expert=_OWN,
        auditor=_ALL,
        office=_ALL,
    ),
    Permission.SEE_RECUSALS: _row(
        "회피 내역 열람",
        "see recusals",
        expert=_ALL,
        auditor=_ALL,
        office=_ALL,
        team=_OWN,
    ),
    Permission.SEE_SUBMISSION: _row(
        "제출물 열람", "see submissions", team=_OWN, office=_ALL, auditor=_ALL
    ),
    Permission.SEE_SCORES: _row(
        "확정된 점수 열람",
        "see scores that were decided",
        team=_OWN,
        office=_ALL,
        auditor=_ALL,
    ),
    Permission.REPLY: _row("소명", "reply to findings", team=_OWN),
    Permission.OBJECT: _row("이의신청", "object to a decision", team=_OWN),
    Permission.SEE_OPERATIONS: _row(
        "운영 현황 열람", "see what is due and what is stuck", office=_ALL, auditor=_ALL
    ),
    Permission.RUN_PANEL: _row(
        "평가단 운영(배정, 회피, 마감)",
        "run panels: assignment, recusal, closing",
        office=_ALL,
    ),
    Permission.RUN_CONTEST: _row(
        "사용자 평가 운영(개시, 이상 투표 판정, 마감)",
        "run the contest: opening, screening, closing",
        office=_ALL,
    ),
    Permission.SEE_SUPPORT: _row(
        "지원 현황 열람(배정, 제공, 보상, 데이터, 예산)",
        "see what teams are promised, given and owed",
        team=_OWN,
        office=_ALL,
        auditor=_ALL,
    ),
    Permission.RUN_PROGRAMME: _row(
        "사업 운영(공모, 지원, 일정, 결정 이후, 약속)",
        "run the programme: calls, support, dates, what follows a decision, promises",
        office=_ALL,
    ),
    Permission.ACT_FOR_TEAM: _row(
        "팀을 대표한 의견 제출, 이의신청 포기, 참여 철회",
        "answer consultations, waive objections and withdraw for the team",
        team=_OWN,
    ),
    Permission.INVITE: _row("초대", "invite people", office=_ALL),
    Permission.MANAGE_ACCOUNTS: _row(
        "계정 관리(정지, 역할 변경)",
        "manage accounts: suspend, change roles",
        office=_ALL,
    ),
    Permission.SEE_APPOINTED: _row(
        "위촉하거나 초대한 사람의 개인정보 열람",
        "see the personal data of those the office appointed or invited",
        office=_ALL,
    ),
    Permission.SEE_VOTERS: _row(
        "투표 참여자의 개인정보 열람", "see the personal data of voters"
    ),
    Permission.SEE_RECORD: _row(
        "기록 전체 열람", "see the whole record", office=_ALL, auditor=_ALL
    ),
    Permission.SEE_AUDIT: _row(
        "접속·처리 기록 열람", "see the audit", office=_ALL, auditor=_ALL
    ),
    Permission.KEEP_OWN_DATA: _row(
        "본인 정보의 열람, 정정, 내려받기, 삭제",
        "see, correct, take and erase one's own data",
        **_SIGNED_IN,
    ),
}
"""Nobody may see who a voter is, the office least of all: hence the empty row."""

ROLE_NAMES: Mapping[Role, Text] = {
    Role.OFFICE: Text(ko="사무국", en="office"),
    Role.TEAM: Text(ko="참가팀", en="team"),
    Role.EXPERT: Text(ko="전문가 평가위원", en="expert"),
    Role.EXPERT_USER: Text(ko="전문 이용자", en="expert user"),
    Role.VOTER: Text(ko="투표 참여자", en="voter"),
    Role.AUDITOR: Text(ko="감사인", en="auditor"),
    Role.PUBLIC: Text(ko="일반 국민", en="public"),
}


def reach(role: Role, permission: Permission) -> Reach:
    """How far the permission goes for the role."""
    return TABLE[permission].of(role)


def may(account: Account | None, permission: Permission, *, of: str = "") -> bool:
    """Whether somebody may; None is the public.

    `of` names whose thing it is (a team, a pseudonym, an account): where the
    permission reaches one's own only, it has to be one's own. An expert's
    assigned teams are the panel's to check.
    """
    width = reach(account.role if account else Role.PUBLIC, permission)
    if width is Reach.ALL:
        return True
    if width is Reach.NOTHING or account is None:
        return False
    return not of or of in (account.id, account.subject)


def require(account: Account | None, permission: Permission, *, of: str = "") -> None:
    """Nothing. Raises: NotAllowed where somebody may not."""
    if not may(account, permission, of=of):
        raise NotAllowed(
            f"this is not open to the role {account.role if account else 'public'}",
            remedy="sign in with the account that has the role, or ask the office",
            korean="권한이 없습니다. 권한이 있는 계정으로 로그인해 주십시오.",
        )
