"""The keeper of a stage's contest: opens it, and shows each voter their next battle.

Everything that counts is an act. What is held here besides can be read again:
the secret and the salt from the key book, the files from the office's folder,
so a server that was killed between two acts goes on with the third.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from dokja.adapters.store import Store
from dokja.contest.battles.cast import (
    CAST,
    Progress,
    admit_voter,
    battle_of,
    battle_subject,
    cast_vote,
    progress_of,
    recusals_of,
    void_battle,
)
from dokja.contest.battles.opening import (
    RunningContest,
    check_materials,
    open_contest,
    opened_body,
)
from dokja.contest.battles.participation import Participation, turnout
from dokja.contest.battles.phase import ContestPhase, phase_of
from dokja.contest.battles.self_naming import self_namings
from dokja.contest.battles.show import ShownBattle, Texts, show_battle
from dokja.contest.battles.tickets import seconds_since, ticket_for
from dokja.contest.values import (
    Battle,
    BattleVoided,
    Choice,
    ContestOpened,
    ContestPlan,
    ReportReason,
    VoidReason,
    VoteCast,
    VoterAdmitted,
)
from dokja.errors import Conflict, NotAllowed
from dokja.evidence.values import Act
from dokja.people.ports import Desk
from dokja.people.values import Account
from dokja.wiring.contest_answers import ContestAnswers, LiveAnswers
from dokja.wiring.contest_files import (
    ContestMaterials,
    freeze_materials,
    has_contest,
    read_materials,
)

_TURNOUT_HELD = timedelta(seconds=3)
"""So long many readers of the live page share one count."""


@dataclass(frozen=True, kw_only=True)
class ContestSetting:
    """Where a contest belongs and where its files are."""

    programme: str
    stage: str
    beacon: str
    prepared: Path
    """Folder in which the office prepares it."""
    work: Path
    """The office's own folder, for the contest as it was opened."""


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A voter as the contest knows them."""

    number: int
    pseudonym: str


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What a voter has before them."""

    progress: Progress
    """Its battle stays with the keeper: a page takes the numbers alone."""
    shown: ShownBattle | None
    """None where the voter is done."""
    ticket: str = ""
    is_waiting: bool = False
    """Whether the models are still asked; the page is opened again in a moment."""


class ContestKeeper:
    """The one contest of a stage."""

    def __init__(
        self,
        setting: ContestSetting,
        *,
        store: Store,
        desk: Desk,
        clock: Callable[[], datetime],
        live: LiveAnswers | None = None,
    ) -> None:
        self.setting = setting
        self.store = store
        self.desk = desk
        self._clock = clock
        self._live = live
        self._keys: dict[str, bytes] = {}
        self._admitted: dict[int, tuple[str, ...]] = {}
        self._seats: dict[str, Seat] = {}
        self._turnout: tuple[datetime, Participation] | None = None

    def close(self) -> None:
        """Nothing; lets go of the models that are asked."""
        if self._live is not None:
            self._live.close()

    @property
    def id(self) -> str:
        """The contest's id, under which voters are registered."""
        return self.plan.rules.id

    @property
    def plan(self) -> ContestPlan:
        """Rules and prompts."""
        return self.materials.plan

    @cached_property
    def materials(self) -> ContestMaterials:
        """The files: as at the opening, once it was opened."""
        frozen = has_contest(self.setting.work)
        return read_materials(self.setting.work if frozen else self.setting.prepared)

    @property
    def acts(self) -> tuple[Act, ...]:
        """Acts of the contest as a whole."""
        setting = self.setting
        return self.store.votes.named(setting.programme, setting.stage, self.id)

    @property
    def phase(self) -> ContestPhase:
        """Where the contest stands."""
        return phase_of(self.acts)

    @property
    def opened(self) -> ContestOpened | None:
        """What the contest was opened with; None before."""
        acts = self.acts
        return None if phase_of(acts) is ContestPhase.PLANNED else opened_body(acts)

    def now(self) -> str:
        """This moment as acts name it."""
        return self._clock().isoformat(timespec="seconds")

    def open(self) -> Act:
        """The act that opens the contest; opening it again changes nothing.

        Raises: Conflict where it was opened with other files.
        """
        if self.phase is not ContestPhase.PLANNED:
            return self.acts[0]
        secret = self._kept("secret").hex()
        salt = self._kept("salt").hex()
        self._kept("tickets")
        freeze_materials(self.materials, self.setting.work)
        contest = self._running(secret, self.setting.beacon)
        return open_contest(
            self.store.votes, contest, self.materials.answers, salt=salt, at=self.now()
        )

    @cached_property
    def contest(self) -> RunningContest:
        """The contest with its secret, checked against the opening.

        Raises: NotAllowed before the opening; Conflict where the secret was lost
        or the files are not those it was opened with.
        """
        opened = opened_body(self.acts)
        check_materials(
            opened, self.plan, self.materials.answers, salt=self.key("salt").hex()
        )
        return self._running(self.key("secret").hex(), opened.beacon)

    def seat_of(self, account: Account) -> Seat:
        """The voter's number and pseudonym. Raises: NotAllowed for anybody else."""
        known = self._seats.get(account.id)
        if known is not None:
            return known
        voter = None
        if account.contest == self.id:
            voter = self.desk.people.voter(self.id, account.subject)
        if voter is None:
            raise NotAllowed(
                "this account does not belong to a voter of this contest",
                remedy="register for the contest, or sign in as the voter",
                korean="이 평가에 등록한 계정이 아닙니다. 등록하거나 투표용 계정으로 "
                "로그인해 주십시오.",
            )
        seat = Seat(number=voter.number, pseudonym=voter.pseudonym)
        self._seats[account.id] = seat
        return seat

    def is_admitted(self, account: Account) -> bool:
        """Whether the voter was let in, so that a battle can be shown."""
        return self._recusals(self.seat_of(account)) is not None

    def admit(self, account: Account, *, employer: str = "") -> None:
        """Nothing; the voter is let in. Who was in already stays as they were.

        Battles of a team that the voter says they work for are not shown to
        them; what they wrote is kept nowhere. Raises: NotAllowed where the contest
        is not open, or no pair is left that the voter may judge.
        """
        if self.is_admitted(account):
            return
        seat = self.seat_of(account)
        named = self_namings(employer, self.plan.rules.names)
        recused = tuple(sorted({naming.team for naming in named}))
        body = VoterAdmitted(voter=seat.pseudonym, recused=recused)
        admit_voter(self.store.votes, self.contest, seat.number, body, at=self.now())

    def turn(self, account: Account) -> Turn:
        """The voter's next battle; what cannot be judged blind is voided on the way.

        Raises: NotAllowed for who is no voter, or before the contest is open.
        """
        seat = self.seat_of(account)
        progress = progress_of(self.store.votes, self.contest, seat.number)
        while progress.battle is not None:
            found = self._shown(progress.battle)
            if found is None:
                return Turn(progress=progress, shown=None, is_waiting=True)
            if isinstance(found, ShownBattle):
                place = (seat.number, found.number)
                ticket = ticket_for(self.key("tickets"), place, now=self._clock())
                return Turn(progress=progress, shown=found, ticket=ticket)
            self._void(seat, progress.battle.number, found)
            progress = progress_of(self.store.votes, self.contest, seat.number)
        return Turn(progress=progress, shown=None)

    def progress(self, account: Account) -> int:
        """How many battles the voter has settled; 0 before the first."""
        if not self.is_admitted(account):
            return 0
        seat = self.seat_of(account)
        return progress_of(self.store.votes, self.contest, seat.number).done

    def vote(
        self, account: Account, number: int, choice: Choice, *, ticket: str
    ) -> Act:
        """The act of the vote. The same vote sent again changes nothing.

        Raises: NotAllowed for a form of another battle or voter, or when the
        contest is not open; Conflict for a second, other vote or one out of turn.
        """
        seat = self.seat_of(account)
        seconds = self._seconds(seat, number, ticket)
        vote = VoteCast(voter=seat.pseudonym, choice=choice, seconds=seconds)
        shown = self._seen(seat, number)
        try:
            return cast_vote(
                self.store.votes,
                self.contest,
                (seat.number, number),
                vote,
                shown=shown,
                at=self.now(),
            )
        except Conflict:
            return self._same_vote(seat, number, choice)

    def report(
        self, account: Account, number: int, reason: ReportReason, *, ticket: str
    ) -> Act:
        """The act of a battle the voter reports instead of judging it.

        Raises: as `vote`.
        """
        seat = self.seat_of(account)
        self._seconds(seat, number, ticket)
        return self._void(seat, number, VoidReason.REPORTED, report=reason.value)

    def participation(self) -> Participation | None:
        """How many took part, at most a few seconds old; None before the opening."""
        now = self._clock()
        if self._turnout is not None and now - self._turnout[0] < _TURNOUT_HELD:
            return self._turnout[1]
        if self.phase is ContestPhase.PLANNED:
            return None
        found = turnout(self.store.votes, self.contest)
        self._turnout = (now, found)
        return found

    def key(self, name: str) -> bytes:
        """A secret of the contest. Raises: Conflict where it was lost."""
        if name in self._keys:
            return self._keys[name]
        found = self.desk.keys.find(self._key_name(name))
        if found is None:
            raise Conflict(
                f"the contest's {name} is not in this office's store",
                remedy="serve the office with the store the contest was opened in",
            )
        self._keys[name] = found
        return found

    def _kept(self, name: str) -> bytes:
        return self.desk.keys.keep(self._key_name(name), self.desk.secrets.key())

    def _key_name(self, name: str) -> str:
        return f"contest/{self.id}/{name}"

    def _running(self, secret: str, beacon: str) -> RunningContest:
        return RunningContest(
            programme=self.setting.programme,
            stage=self.setting.stage,
            plan=self.plan,
            beacon=beacon,
            secret=secret,
        )

    @cached_property
    def _answers(self) -> ContestAnswers:
        materials = self.materials
        return ContestAnswers(materials.answers, materials.pictures, self._live)

    def _shown(self, battle: Battle) -> ShownBattle | VoidReason | None:
        """What is shown, or why nothing is; None while the models are asked."""
        texts = self._answers.texts(self.contest, battle)
        if texts is None or isinstance(texts, VoidReason):
            return texts
        return show_battle(self.contest, battle, texts)

    def _recusals(self, seat: Seat) -> tuple[str, ...] | None:
        """Teams the voter is not shown, read once; None before the admission."""
        if seat.number not in self._admitted:
            found = recusals_of(self.store.votes, self.contest, seat.number)
            if found is None:
                return None
            self._admitted[seat.number] = found
        return self._admitted[seat.number]

    def _seen(self, seat: Seat, number: int) -> Texts | tuple[()]:
        """The texts of a battle; none where there is no such battle.

        Raises: Conflict where nobody was shown them yet.
        """
        recused = self._recusals(seat)
        if recused is None or number > self.plan.rules.battles_most:
            return ()
        battle = battle_of(self.contest, seat.number, number, recused=recused)
        texts = self._answers.texts(self.contest, battle)
        if texts is None or isinstance(texts, VoidReason):
            raise Conflict(
                f"battle {number} was not shown, so it cannot be judged",
                remedy="open the battle again",
                korean="아직 보여 드리지 않은 대결입니다. 대결을 다시 열어 주십시오.",
            )
        return texts

    def _seconds(self, seat: Seat, number: int, ticket: str) -> int:
        return seconds_since(
            self.key("tickets"), (seat.number, number), ticket, now=self._clock()
        )

    def _void(
        self, seat: Seat, number: int, reason: VoidReason, *, report: str = ""
    ) -> Act:
        body = BattleVoided(voter=seat.pseudonym, reason=reason, report=report)
        return void_battle(
            self.store.votes,
            self.contest,
            (seat.number, number),
            body,
            at=self.now(),
        )

    def _same_vote(self, seat: Seat, number: int, choice: Choice) -> Act:
        """The vote that stands, if it is this one. Raises: Conflict otherwise."""
        subject = battle_subject(self.contest, seat.number, number)
        setting = self.setting
        for act in self.store.votes.named(setting.programme, setting.stage, subject):
            if act.kind == CAST and act.body["choice"] == choice.value:
                return act
        raise Conflict(
            f"battle {number} was settled before, or is not the next one",
            remedy="go on with the next battle; the first vote stands",
            korean="이미 판정한 대결이거나 차례가 아닌 대결입니다. 처음 한 투표가 "
            "그대로 남습니다.",
        )
