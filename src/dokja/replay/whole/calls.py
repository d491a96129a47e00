"""A published call put to the acts of a call, as far as what was published reaches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec

from dokja.call import (
    answer,
    ask,
    call_file,
    close_call,
    draft_call,
    give_notice,
    mark_contradicting,
    name_panel,
    open_call,
)
from dokja.call.applications.values import Proposal
from dokja.call.clarify import contradictions
from dokja.call.name_panel import PanelRequest
from dokja.call.state import CALL, CallFile
from dokja.call.values import (
    Answered,
    Asked,
    BindingDefinition,
    CallKind,
    CallPhase,
    CallText,
    Clarified,
    Contradiction,
    MarkedContradicting,
    ReviewRound,
    VacantPlaces,
)
from dokja.evidence.values import Act, Text
from dokja.panel.values import Criterion
from dokja.programme.matters import Matter
from dokja.programme.values import Rulebook, Topic
from dokja.replay.whole import words
from dokja.replay.whole.moments import first_moment, last_moment, stand_ins
from dokja.replay.whole.results import Chapter, Step, StepResult
from dokja.replay.whole.trying import (
    Found,
    MemoryRecord,
    Part,
    Steps,
    Tried,
    attempt,
    mandate,
    only_read,
    reproduced_if,
)
from dokja.replay.whole.values import (
    History,
    PublishedApplicants,
    PublishedCall,
    PublishedCriteria,
    PublishedReview,
    PublishedStatement,
)
from dokja.replay.whole.words import filled

PROPOSALS = Part(
    suffix="proposals", title=words.PROPOSALS_TITLE, published=words.PROPOSALS
)
UNNAMED = Criterion(id="review", name=Text(ko="심사", en="review"), max=1)


@dataclass(frozen=True, kw_only=True)
class CallReplay:
    """A published call and the record its acts go to."""

    history: History
    call: PublishedCall
    rulebook: Rulebook
    record: MemoryRecord
    vacancy: VacantPlaces | None = None

    def file(self) -> CallFile:
        """The call as the record has it."""
        return call_file(self.matter, self.record.of(self.matter))

    @property
    def matter(self) -> Matter:
        """The matter of the call."""
        return Matter(programme=self.history.programme, kind=CALL, id=self.call.id)

    def steps(self) -> Iterator[Step]:
        """Every step of the call, in the order of its acts."""
        yield self._opened()
        history, own = self.history, self.call.id
        yield from (self._said(s) for s in history.statements if s.call == own)
        yield from self._closed()
        yield from (self._criteria(c) for c in history.criteria if c.call == own)
        before: tuple[str, ...] = ()
        for applicants in (a for a in history.applicants if a.call == own):
            before = applicants.applicants
            yield self._applied(applicants)
            yield self._proposals(applicants)
        for review in (r for r in history.reviews if r.call == own):
            yield self._left(review, before)
            before = review.kept
            yield self._panel(review)

    def _opened(self) -> Step:
        call, text = self.call, self._text()
        tried = self.record.put(self._draft(text))
        if tried.refused is None:
            tried = self._put(
                open_call, self.vacancy, at=call.on, rulebook=self.rulebook
            )
        if tried.refused is not None:
            found = Found(
                act="call.open_call",
                tried=tried,
                result=StepResult.DIFFERS,
                text=words.NOT_OPENED,
            )
            return self._steps.of(call, found)
        found = Found(
            act="call.open_call",
            tried=tried,
            text=filled(words.OPENED, slots=text.slots, closes=_shown(self._end())),
            assumed=(*self._assumed(), *stand_ins(call.on, call.until)),
        )
        return self._steps.of(call, found)

    def _closed(self) -> Iterator[Step]:
        """Nothing where the call closes at its end and no second before; else why."""
        if self.file().state.phase is not CallPhase.OPEN:
            return
        ends = self._end()
        early = attempt(self._act(close_call, at=ends - timedelta(seconds=1)))
        tried = self._put(close_call, at=ends)
        if early.refused is None or tried.refused is not None:
            found = Found(
                act="call.close_call",
                tried=tried,
                result=StepResult.DIFFERS,
                text=words.CLOSES_ELSEWHERE,
            )
            part = Part(suffix="close", title=self.call.title, published=self.call.text)
            yield self._steps.of(self.call, found, part)

    def _said(self, said: PublishedStatement) -> Step:
        """What was said, on record with the clause it differs from, if it does."""
        tried = self._record_words(said)
        marked = {name for name, _ in contradictions(self.file().state)}
        against = said.contradicts if said.id in marked else None
        if against is None:
            found = Found(
                act="call.give_notice",
                tried=tried,
                text=words.NOTICE,
                assumed=stand_ins(said.on),
            )
        else:
            found = Found(
                act="call.mark_contradicting",
                tried=tried,
                result=StepResult.DIFFERS,
                text=filled(words.CONTRADICTS, against=against),
                assumed=stand_ins(said.on),
            )
        return self._steps.of(said, found)

    def _record_words(self, said: PublishedStatement) -> Tried:
        if said.channel is None:
            notice = Clarified(id=said.id, text=said.text)
            return self._put(give_notice, notice, at=said.on)
        question = Asked(id=said.id, channel=said.channel, text=said.title)
        self._put(ask, question, at=said.on)
        given = Answered(question=said.id, text=said.text)
        tried = self._put(answer, given, at=said.on)
        if said.contradicts is None:
            return tried
        against = Contradiction(clause=self._definition(), explanation=said.contradicts)
        mark = MarkedContradicting(id=said.id, version=1, contradiction=against)
        return self._put(mark_contradicting, mark, at=said.on)

    def _criteria(self, criteria: PublishedCriteria) -> Step:
        """The same call without points: what the act says of criteria without any."""
        unscored = tuple(
            msgspec.structs.replace(each, max=0) for each in self._rubric()
        )
        text = msgspec.structs.replace(self._text(), documents=unscored)
        found = Found(
            act="call.draft_call",
            tried=attempt(self._draft(text)),
            text=words.NO_POINTS,
        )
        return self._steps.of(criteria, found)

    def _applied(self, applicants: PublishedApplicants) -> Step:
        named, counted = len(set(applicants.applicants)), applicants.counted
        found = Found(
            act="count",
            result=reproduced_if(named == counted),
            text=filled(words.COUNTED, named=named, counted=counted),
        )
        return self._steps.of(applicants, found)

    def _proposals(self, applicants: PublishedApplicants) -> Step:
        """An application handed in as far as it was published."""
        lead = applicants.applicants[0]
        known = {
            "name": {"ko": lead, "en": lead},
            "members": [{"organisation": lead, "role": "lead"}],
        }
        found = Found(
            act="call.draft_application",
            tried=attempt(partial(only_read, known, Proposal)),
            text=words.NO_PROPOSAL,
        )
        return self._steps.of(applicants, found, PROPOSALS)

    def _left(self, review: PublishedReview, before: tuple[str, ...]) -> Step:
        """Whether the numbers fit: nobody new, no more than the call leaves."""
        text, kept = self.file().state.text, len(review.kept)
        most = text.shortlist if _is_of_documents(review) else text.slots
        new = set(review.kept) - set(before)
        found = Found(
            act="count",
            result=reproduced_if(not new and kept == review.counted <= most),
            text=filled(
                words.LEFT,
                before=len(before),
                kept=kept,
                out=len(before) - kept,
                most=most,
            ),
        )
        return self._steps.of(review, found)

    def _panel(self, review: PublishedReview) -> Step:
        """A review without a panel: what the acts of both calls lack."""
        request = PanelRequest(round=review.round, seats=())
        at = max(first_moment(review.on), self._end())
        votes = self.call.kind is CallKind.REVIVAL and not _is_of_documents(review)
        found = Found(
            act="call.screen_call" if _is_of_documents(review) else "call.decide_call",
            tried=attempt(
                self._act(name_panel, (), request, at=at, rulebook=self.rulebook)
            ),
            text=words.NO_VOTES if votes else words.NO_PANEL,
        )
        part = Part(
            suffix="panel",
            title=filled(words.PANEL_TITLE, review=review.title),
            published=words.PANEL,
        )
        return self._steps.of(review, found, part)

    def _text(self) -> CallText:
        call, own = self.call, self._definition()
        clause = next(c for c in self.rulebook.clauses if c.number == own)
        rubric = self._rubric() or (UNNAMED,)
        return CallText(
            kind=call.kind,
            title=call.title,
            opens=first_moment(call.on).isoformat(),
            closes=self._end().isoformat(),
            slots=call.slots,
            shortlist=call.shortlist,
            definition=BindingDefinition(clause=clause.number, text=clause.text),
            documents=rubric,
            presentation=rubric,
        )

    def _definition(self) -> str:
        """The clause that says what an independent model is."""
        return self.rulebook.clause_numbers(Topic.INDEPENDENCE)[0]

    def _rubric(self) -> tuple[Criterion, ...]:
        named = (c for c in self.history.criteria if c.call == self.call.id)
        return tuple(
            Criterion(id=f"criterion-{number}", name=name, max=1)
            for each in named
            for number, name in enumerate(each.criteria, start=1)
        )

    def _assumed(self) -> tuple[Text, ...]:
        if self._rubric():
            return (words.ONE_POINT,)
        return words.ONE_CRITERION, words.ONE_POINT

    def _end(self) -> datetime:
        return last_moment(self.call.until or self.call.on)

    @property
    def _steps(self) -> Steps:
        return Steps(history=self.history, chapter=Chapter.CALLS)

    def _draft(self, text: CallText) -> Callable[[], Act]:
        return partial(
            draft_call,
            self.matter,
            text,
            rulebook=self.rulebook,
            mandate=mandate(self.call.on, self.call.clauses),
        )

    def _put(
        self, act: Callable[..., Act], *given: Any, at: str | datetime, **more: Any
    ) -> Tried:
        """What becomes of an act on the call, which the record takes."""
        return self.record.put(self._act(act, *given, at=at, **more))

    def _act(
        self, act: Callable[..., Act], *given: Any, at: str | datetime, **more: Any
    ) -> Callable[[], Act]:
        file = self.file()
        own = mandate(at, self.call.clauses)
        return partial(act, file, *given, seen=len(file.acts), mandate=own, **more)


def _is_of_documents(review: PublishedReview) -> bool:
    return review.round is ReviewRound.DOCUMENTS


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} KST"
