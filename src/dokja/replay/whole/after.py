"""What followed the decision: objections, the empty place, the next stage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import msgspec

from dokja.call.values import CallKind, Settled, VacantPlaces
from dokja.decision.after import (
    DecidedStage,
    FinalStage,
    confirm,
    confirmation_matter,
    confirmed,
    empty_places,
    fill_or_leave,
    next_teams,
    vacancy_matter,
    waive,
    waiver_matter,
)
from dokja.decision.after.values import EmptyPlaces, PlaceFilled, RevivalCalled
from dokja.decision.values import StageDecision
from dokja.evidence.canonical import digest_of
from dokja.evidence.values import Act
from dokja.programme.matters import Matter
from dokja.programme.values import Rulebook
from dokja.replay.values import PublishedStage
from dokja.replay.whole import words
from dokja.replay.whole.calls import CallReplay
from dokja.replay.whole.moments import first_moment
from dokja.replay.whole.results import Chapter, Step, StepResult
from dokja.replay.whole.trying import (
    Found,
    MemoryRecord,
    Steps,
    Tried,
    attempt,
    mandate,
    reproduced_if,
)
from dokja.replay.whole.values import (
    History,
    Practice,
    PublishedCall,
    PublishedPractice,
)
from dokja.replay.whole.words import filled


@dataclass(frozen=True, kw_only=True)
class AfterReplay:
    """What followed the decision of the published stage."""

    history: History
    stage: PublishedStage
    rulebook: Rulebook
    record: MemoryRecord
    decision: StageDecision
    """Of one completion; its teams are role labels."""

    def steps(self) -> Iterator[Step]:
        """Objections, the vacancy, the revival call, and who goes on."""
        yield from self._each(Practice.OBJECTIONS, self._objections)
        self._confirm()
        yield from self._each(Practice.VACANCY, self._vacancy)
        for call in self._revivals():
            yield from self._revival(call).steps()
        yield from self._each(Practice.QUORUM, self._quorum)
        self._take_place()
        yield from self._each(Practice.ACTIVE_TEAMS, self._active)
        yield from self._each(Practice.RESULT, self._result)

    def places(self) -> EmptyPlaces:
        """The places that the stage left empty, as the record has them."""
        return empty_places(self._final(), self.record.of(self._vacancy_matter()))

    def active_teams(self) -> tuple[str, ...]:
        """Teams of the next stage, by id; empty while nobody can say who goes on."""
        if self._next().refused is not None:
            return ()
        team = {each.role: each.id for each in self.stage.teams}
        found = next_teams(self.decision, self.places())
        return tuple(sorted(team.get(name, name) for name in found))

    def _objections(self, practice: PublishedPractice) -> Found:
        """Confirming on the day the additional call opened, as far as it is known."""
        opened = self._revivals()[0].on
        tried = attempt(
            partial(
                confirm,
                self._decided(),
                (),
                seen=0,
                mandate=mandate(opened, practice.clauses),
            )
        )
        until = date.fromisoformat(self.decision.objection_until)
        return Found(
            act="decision.after.confirm",
            tried=tried,
            text=filled(words.OBJECTIONS, until=until, after=until + timedelta(days=1)),
            assumed=(words.DECLARED,),
        )

    def _confirm(self) -> None:
        """The early confirmation in memory, so that what follows can be shown."""
        opened = self._revivals()[0].on
        roles = tuple(each.team for each in self.decision.teams)
        for role in roles:
            own = waiver_matter(self.history.programme, self.history.stage, role)
            self.record.put(
                partial(
                    waive,
                    self._decided(),
                    role,
                    self.record.of(own),
                    mandate=mandate(self.stage.decision.announced, ()),
                )
            )
        self.record.put(
            partial(
                confirm, self._decided(roles), (), seen=0, mandate=mandate(opened, ())
            )
        )

    def _vacancy(self, _: PublishedPractice) -> Found:
        """The call for the empty place, before and after a rule speaks of it."""
        call = RevivalCalled(call=self._revivals()[0].id)
        silent = msgspec.structs.replace(self.rulebook, vacancy=None, revival=None)
        before = attempt(partial(self._fill, silent, call))
        after = self.record.put(partial(self._fill, self.rulebook, call))
        late = before.refused is not None and after.refused is None
        return Found(
            act="decision.after.fill_or_leave",
            tried=before,
            result=reproduced_if(not late),
            text=filled(words.VACANCY, places=self.places().places),
        )

    def _quorum(self, _: PublishedPractice) -> Found:
        """Whether the rulebook asks for what was announced."""
        rule = self.rulebook.revival
        same = (
            rule is not None
            and (rule.open_to, rule.quorum) == ("anyone", "majority_of_panel")
            and rule.may_select_none
        )
        return Found(
            act="programme.rulebook",
            result=reproduced_if(same),
            text=words.QUORUM,
        )

    def _take_place(self) -> None:
        """The selected team takes the place, as it was announced."""
        selected = self.stage.revival.selected
        filled_by = PlaceFilled(team=selected, application=selected)
        self.record.put(partial(self._fill, self.rulebook, filled_by))

    def _active(self, practice: PublishedPractice) -> Found:
        teams, tried = self.active_teams(), self._next()
        text = filled(words.ACTIVE, teams=len(teams)) if teams else words.NOT_ACTIVE
        return Found(
            act="decision.after.next_teams",
            tried=tried,
            result=reproduced_if(teams == tuple(sorted(practice.teams))),
            text=text,
        )

    def _next(self) -> Tried:
        """Whether it can be said who goes on; no act is made of it."""

        def look() -> tuple[Act, ...]:
            next_teams(self.decision, self.places())
            return ()

        return attempt(look)

    def _result(self, _: PublishedPractice) -> Found:
        return Found(
            act="decision.decide_stage",
            result=StepResult.UNKNOWN,
            text=words.NO_RESULT,
        )

    def _each(
        self, which: Practice, found: Callable[[PublishedPractice], Found]
    ) -> Iterator[Step]:
        steps = Steps(history=self.history, chapter=Chapter.AFTER)
        for practice in self.history.practices:
            if practice.practice is which:
                yield steps.of(practice, found(practice))

    def _revivals(self) -> tuple[PublishedCall, ...]:
        return tuple(c for c in self.history.calls if c.kind is CallKind.REVIVAL)

    def _revival(self, call: PublishedCall) -> CallReplay:
        """The call for the place, which is vacant only once the decision is final."""
        vacancy = VacantPlaces(
            stage=self.history.stage,
            places=self.decision.vacancies,
            settled=Settled.CLOSED_EARLY,
            at=first_moment(call.on).isoformat(),
            decision=digest_of(self.decision),
        )
        return CallReplay(
            history=self.history,
            call=call,
            rulebook=self.rulebook,
            record=self.record,
            vacancy=vacancy if self._final().confirmed else None,
        )

    def _decided(self, waived: tuple[str, ...] = ()) -> DecidedStage:
        return DecidedStage(
            programme=self.history.programme,
            decision=self.decision,
            digest=digest_of(self.decision),
            rule=self.rulebook.objection,
            waived=waived,
        )

    def _final(self) -> FinalStage:
        matter = confirmation_matter(self.history.programme, self.history.stage)
        return FinalStage(
            programme=self.history.programme,
            stage=self.history.stage,
            places=self.decision.vacancies,
            confirmed=confirmed(self.record.of(matter)),
        )

    def _fill(self, rulebook: Rulebook, event: RevivalCalled | PlaceFilled) -> Act:
        history = self.record.of(self._vacancy_matter())
        on = (
            self._revivals()[0].on
            if isinstance(event, RevivalCalled)
            else self.stage.revival.selected_on
        )
        return fill_or_leave(
            self._final(),
            rulebook,
            history,
            event,
            seen=len(history),
            mandate=mandate(on, ()),
        )

    def _vacancy_matter(self) -> Matter:
        return vacancy_matter(self.history.programme, self.history.stage)
