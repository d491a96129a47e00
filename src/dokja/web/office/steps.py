"""Steps that the office confirms first: what each does, and whether it is final."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dokja.contest.battles.phase import ContestPhase
from dokja.contest.users.trials import TrialsPhase
from dokja.errors import NotAllowed
from dokja.evidence.values import Text
from dokja.people import Permission
from dokja.wiring import contest_closing
from dokja.wiring.contests import ContestKeeper
from dokja.wiring.export import (
    Exported,
    export_ballots,
    export_contest,
    export_replies,
)
from dokja.wiring.office import Office
from dokja.wiring.trials import TrialsKeeper

CONTEST, USERS, EXPORT = "/office/contest", "/office/trials", "/office/export"
Done = Exported | None


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: its words, whether it is its turn, and the act."""

    name: Text
    does: Text
    is_final: bool
    """Whether nothing takes it back."""
    back: str
    """The page it belongs to."""
    is_due: Callable[[Office], bool]
    run: Callable[[Office, str], Done]
    """The act; its second argument is the reason, where one is asked for."""
    asks_why: bool = False
    permission: Permission = Permission.RUN_CONTEST


def contest_of(office: Office) -> ContestKeeper:
    """The keeper of the contest. Raises: NotAllowed where there is none."""
    if office.keeper is None:
        raise NotAllowed(
            "the stage has no contest", remedy="prepare one in the stage's folder"
        )
    return office.keeper


def trials_of(office: Office) -> TrialsKeeper:
    """The keeper of the user evaluation. Raises: NotAllowed where there is none."""
    if office.trials is None:
        raise NotAllowed(
            "the stage has no tasks for invited users",
            remedy="prepare a contest.toml in the stage's folder",
        )
    return office.trials


def _in_phase(phase: ContestPhase) -> Callable[[Office], bool]:
    return lambda office: contest_of(office).phase is phase


def _users_in(phase: TrialsPhase) -> Callable[[Office], bool]:
    return lambda office: trials_of(office).phase is phase


def _contest_open(office: Office, _: str) -> Done:
    contest_of(office).open()
    return None


def _contest_close(office: Office, why: str) -> Done:
    contest_closing.close(contest_of(office), why=why)
    return None


def _contest_screen(office: Office, _: str) -> Done:
    contest_closing.screen(contest_of(office))
    return None


def _contest_unblind(office: Office, _: str) -> Done:
    contest_closing.reveal(contest_of(office))
    return None


def _contest_rate(office: Office, _: str) -> Done:
    keeper = contest_of(office)
    contest_closing.rate(keeper)
    contest_closing.publish(keeper)
    return None


def _users_open(office: Office, _: str) -> Done:
    trials_of(office).open()
    return None


def _users_close(office: Office, _: str) -> Done:
    trials_of(office).close()
    return export_ballots(office)


def _always(_: Office) -> bool:
    return True


STEPS: Mapping[str, Step] = {
    "contest-open": Step(
        name=Text(ko="투표 열기", en="Open the contest"),
        does=Text(
            ko="규칙, 질문, 답변의 해시와 비밀값의 약속을 기록에 남기고 투표를 받기 "
            "시작합니다. 그 뒤에는 파일을 고쳐도 이 투표에 영향을 주지 않습니다.",
            en="Puts the digests of rules, prompts and answers and the commitment to a "
            "secret on record and begins to take votes. Edits of the files change "
            "nothing of this contest afterwards.",
        ),
        is_final=True,
        back=CONTEST,
        is_due=_in_phase(ContestPhase.PLANNED),
        run=_contest_open,
    ),
    "contest-close": Step(
        name=Text(ko="투표 마감", en="Close the contest"),
        does=Text(
            ko="이 시각 뒤에 들어온 투표는 집계하지 않습니다. 다시 열 수 없습니다.",
            en="No vote that comes in later counts. It cannot be opened again.",
        ),
        is_final=True,
        back=CONTEST,
        is_due=_in_phase(ContestPhase.OPEN),
        run=_contest_close,
        asks_why=True,
    ),
    "contest-screen": Step(
        name=Text(ko="이상 투표 점검", en="Screen the voters"),
        does=Text(
            ko="팀을 가린 채로, 다른 사람의 투표로 설명되지 않는 투표자를 규칙에 따라 "
            "가려내어 기록합니다. 팀을 공개한 뒤에는 바꿀 수 없습니다.",
            en="Finds, on blind labels and by the rules, the voters whom the others' "
            "votes cannot explain, and puts them on record. It cannot change once the "
            "teams are revealed.",
        ),
        is_final=True,
        back=CONTEST,
        is_due=_in_phase(ContestPhase.CLOSED),
        run=_contest_screen,
    ),
    "contest-unblind": Step(
        name=Text(ko="팀 공개", en="Reveal the teams"),
        does=Text(
            ko="비밀값을 기록에 공개합니다. 이때부터 누구나 어느 답변이 어느 팀의 "
            "것인지 "
            "계산할 수 있습니다.",
            en="Puts the secret on record. From then on anyone can compute which "
            "answer "
            "was whose.",
        ),
        is_final=True,
        back=CONTEST,
        is_due=_in_phase(ContestPhase.SCREENED),
        run=_contest_unblind,
    ),
    "contest-rate": Step(
        name=Text(ko="결과 계산과 공표", en="Compute and publish the result"),
        does=Text(
            ko="기록에서 결과를 계산하여 공개하고, 투표자 번호를 새로 매긴 투표 자료를 "
            "함께 공개합니다.",
            en="Computes the result from the record and shows it to everybody, with "
            "the "
            "votes under new numbers.",
        ),
        is_final=True,
        back=CONTEST,
        is_due=_in_phase(ContestPhase.UNBLINDED),
        run=_contest_rate,
    ),
    "users-open": Step(
        name=Text(ko="이용자 평가 열기", en="Open the user evaluation"),
        does=Text(
            ko="문항, 과제, 답변의 해시와 비밀값의 약속을 기록에 남기고 초청 이용자의 "
            "평가를 받기 시작합니다.",
            en="Puts the digests of questions, tasks and answers and the commitment "
            "to a "
            "secret on record and begins to take ballots of invited users.",
        ),
        is_final=True,
        back=USERS,
        is_due=_users_in(TrialsPhase.PLANNED),
        run=_users_open,
    ),
    "users-close": Step(
        name=Text(ko="이용자 평가 마감", en="Close the user evaluation"),
        does=Text(
            ko="더 이상 평가표를 받지 않고, 비밀값을 기록에 공개하며, 단계평가가 읽을 "
            "ballots.json을 씁니다. 작성 중인 평가표는 집계하지 않습니다.",
            en="Takes no more ballots, puts the secret on record and writes the "
            "ballots.json that the stage is run on. Ballots in the making do not "
            "count.",
        ),
        is_final=True,
        back=USERS,
        is_due=_users_in(TrialsPhase.OPEN),
        run=_users_close,
    ),
    "export-ballots": Step(
        name=Text(ko="이용자 평가표 내보내기", en="Write the ballots"),
        does=Text(
            ko="마감한 이용자 평가의 ballots.json을 다시 씁니다. 같은 기록에서는 "
            "언제나 "
            "같은 파일이 나옵니다.",
            en="Writes ballots.json of the closed user evaluation again. The same "
            "record "
            "always gives the same file.",
        ),
        is_final=False,
        back=EXPORT,
        is_due=_users_in(TrialsPhase.CLOSED),
        run=lambda office, _: export_ballots(office),
    ),
    "export-replies": Step(
        name=Text(ko="소명 내보내기", en="Write the replies"),
        does=Text(
            ko="지금까지 접수한 소명을 replies.json에 씁니다. 소명 기간이 끝난 뒤에 "
            "다시 "
            "써야 모두 담깁니다.",
            en="Writes the replies handed in so far to replies.json. Write it again "
            "once "
            "the window is over, so that none is missing.",
        ),
        is_final=False,
        back=EXPORT,
        is_due=_always,
        run=lambda office, _: export_replies(office),
    ),
    "export-contest": Step(
        name=Text(ko="투표 기록 내보내기", en="Write the contest's record"),
        does=Text(
            ko="단계평가가 읽을 투표 기록을 contest.json에 씁니다. 새 번호로 공개한 "
            "표에서 결과를 다시 계산할 수 있으며, 배점은 없습니다.",
            en="Writes contest.json, which the stage is run on: the published votes, "
            "from which the result can be computed again. It carries no points.",
        ),
        is_final=False,
        back=EXPORT,
        is_due=_in_phase(ContestPhase.RATED),
        run=lambda office, _: export_contest(office),
    ),
}
