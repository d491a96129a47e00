"""What somebody tries out of turn, too late, too much, or in another's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import msgspec

from dokja.call.applications.state import APPLICATION
from dokja.call.applications.submit import draft_application
from dokja.call.applications.values import ApplicationPhase
from dokja.call.open_call import draft_call, open_call
from dokja.call.select import Review, decide_call
from dokja.call.state import CALL
from dokja.call.values import CallKind, CallPhase, ReviewRound
from dokja.decision.after.values import PlacesLeftEmpty, RevivalCalled
from dokja.errors import Conflict
from dokja.evidence.values import Act, Text
from dokja.programme.matters import Mandate
from dokja.programme.schedule import ScheduleSet
from dokja.support.gpu.book import BOOK, book_act, book_of
from dokja.support.gpu.values import (
    AllocationAdopted,
    DaysDelivered,
    DeliveredDay,
    GpuShare,
)
from dokja.support.money.ledger import LEDGER
from dokja.support.requests import next_acts
from dokja.support.terms import terms_of
from dokja.wiring.schedules import new_version
from dokja.wiring.support import support_acts
from tests.call_fixture import call_text, proposal
from tests.programme_simulator import MemoryFolder
from tests.whole_programme.afterwards import confirming, final, objecting, on_places
from tests.whole_programme.dates import milestones
from tests.whole_programme.decided_stage import (
    Stage,
    attempt,
    attempt_exception,
    leave,
)
from tests.whole_programme.held_call import JURY, drawn_panel, votes
from tests.whole_programme.money import moved
from tests.whole_programme.story import Story

Mischief = Callable[[Story], None]
WORDS = Text("사유", "the reason")


def overspend(story: Story) -> None:
    """More than is appropriated, an entry out of balance, a way past it."""
    if story.stage is None:
        return
    support, name = story.stage.support, f"x{story.office.tally.steps}"
    too_much = moved(support, name, ("appropriation", "spent"), 10**14)
    past = moved(support, name, ("treasury", "spent"), 10**6)
    first, second = past.entry.postings
    crooked = msgspec.structs.replace(
        past.entry, postings=(first, msgspec.structs.replace(second, krw=1))
    )
    off = msgspec.structs.replace(past, entry=crooked)
    for wrong in (too_much, past, off):
        story.office.refused("overspend", support.request(None, wrong))


def overbook(story: Story) -> None:
    """More GPUs than a pool has, and GPUs for who leases them out."""
    if story.stage is None:
        return
    support, office = story.stage.support, story.office
    book = book_of(support_acts(office.desk).book)
    for name in set(support.pools) & set(book.pools):
        pool = book.pools[name]
        takers = [(support.teams[0], pool.count + 8)]
        if support.lessor is not None and support.pools[0] in book.pools:
            takers.append((support.lessor, 8))
        for team, gpus in takers:
            share = GpuShare(team=team, pool=name, gpus=gpus, window=pool.window)
            event = AllocationAdopted(
                id=f"x{office.tally.steps}", solved_from="by hand", shares=(share,)
            )
            office.refused("overbook", _booked(story, event))


def _booked(story: Story, event: AllocationAdopted) -> Callable[[Mandate], Act]:
    def make(mandate: Mandate) -> Act:
        desk = story.office.desk
        history = desk.of_kind(BOOK)
        return book_act(
            history, event, terms=terms_of(desk.rulebook), seen=len(history),
            mandate=mandate,
        )  # fmt: skip

    return make


def foretell(story: Story) -> None:
    """A day that has not come is reported."""
    if story.stage is None:
        return
    support = story.stage.support
    pools = book_of(support_acts(story.office.desk).book).pools
    if support.pools[1] in pools:
        day = DeliveredDay(
            day=story.office.clock.now.date() + timedelta(days=2),
            usable=1,
            throughput=Decimal(100),
            source="a guess",
        )
        told = support.request(support.pools[1], DaysDelivered(days=(day,)))
        story.office.refused("report a day to come", told)


def act_on_old_page(story: Story) -> None:
    """An officer who has not read the last entry."""
    desk = story.office.desk
    seen = len(desk.of_kind(LEDGER)) - 1
    if story.stage is None or seen < 0:
        return
    entry = moved(story.stage.support, "late", ("treasury", "appropriation"), 10**6)

    def make(mandate: Mandate) -> tuple[Act, ...]:
        return next_acts(
            support_acts(desk), None, entry, terms=terms_of(desk.rulebook),
            mandate=mandate, seen=seen,
        )  # fmt: skip

    story.office.refused("act on an old page", make)


def rewrite(story: Story) -> None:
    """An act of the record is filed again, with another body."""
    office = story.office
    kinds = [CALL, APPLICATION, LEDGER, BOOK]
    acts = [act for kind in kinds for act in office.desk.of_kind(kind)]
    if not acts:
        return
    act = office.luck.choice(acts)
    other = msgspec.structs.replace(act, body={**act.body, "event": {"what": "other"}})
    before = office.reader.count()
    office.tally.steps += 1
    try:
        office.desk.file([other])
    except Conflict:
        office.tally.refused["Conflict", "rewrite"] += 1
    else:
        office.broken.append(f"{act.kind} {act.subject} was written over")
    if office.reader.count() != before:
        office.broken.append("a refused rewriting left something")


def call_early(story: Story) -> None:
    """A revival call, and acts on places, while the decision is not final."""
    office, desk = story.office, story.office.desk
    if story.stage is None or story.stage.decision is None:
        return
    if final(office, story.stage.id).confirmed is None:
        for event in (RevivalCalled(call="early"), PlacesLeftEmpty(reason=WORDS)):
            office.refused("call early", on_places(office, story.stage.id, event))
    call = story.call
    assert call is not None, "a stage comes of a call"
    matter = call.matter(CALL, f"early-{office.tally.steps}")
    now = office.clock.now
    text = call_text(
        kind=CallKind.REVIVAL,
        opens=now.isoformat(),
        closes=(now + timedelta(days=9)).isoformat(),
    )
    office.act(
        "draft early call",
        lambda m: draft_call(matter, text, rulebook=desk.rulebook, mandate=m),
        by="officer-1",
    )
    early = type(call)(office, matter.id, CallKind.REVIVAL, 1, ())
    opened = early.on_call(open_call, None, rulebook=desk.rulebook)
    office.refused("open without vacancy", opened)


def end_early(story: Story) -> None:
    """The decision is made final; it may be time, and the rules say whether it is."""
    if story.stage is not None and story.stage.decision is not None:
        made = confirming(story.office, story.stage.id)
        story.office.act("confirm early", made, clause="4.1")


def object_late(story: Story) -> None:
    """An objection, in time or not, from a team of the first stage."""
    if story.stages and story.stages[0].decision is not None:
        stage = story.stages[0]
        if story.stage is not stage:
            team = stage.run.teams[0]
            story.office.refused(
                "object late", objecting(story.office, stage.id, team), by=team
            )


def speak_for_another(story: Story) -> None:
    """Somebody withdraws a team that is not theirs."""
    if story.stage is not None:
        team = story.stage.run.teams[-1]
        if leave(story.office, team, story.stage.run.teams, by="officer-1"):
            story.office.broken.append("a team was withdrawn by another")


def apply_late(story: Story) -> None:
    """An application to a call that is not open."""
    call = story.latest_call
    if call is None or not story.office.desk.history(call.matter(CALL, call.id)):
        return
    if call.phase is not CallPhase.OPEN:
        matter = call.matter(APPLICATION, f"{call.id}/late")
        story.office.refused(
            "apply late",
            lambda m: draft_application(
                matter, call.file.state, proposal("late Labs"), mandate=m
            ),
            by="late",
        )


def vote_anyway(story: Story) -> None:
    """A recused expert votes, and one without a seat."""
    call, office = story.latest_call, story.office
    if call is None or not office.desk.history(call.matter(CALL, call.id)):
        return
    if call.phase is not CallPhase.REVIEWING:
        return
    kept_out = call.recused.get(ReviewRound.PRESENTATION, {})
    presented = call.in_phase(ApplicationPhase.PRESENTED)
    pairs = [(e, name) for e, names in kept_out.items() for name in names]
    wrong = [pair for pair in pairs if pair[1] in presented]
    wrong += [("stranger", name) for name in presented[:1]]
    for pair in wrong:
        panel = drawn_panel(call, ReviewRound.PRESENTATION)
        able = [(e, name) for e in JURY for name in presented if (e, name) not in pairs]
        review = Review(panel=panel, votes=votes(call, [*able, pair]))
        if call.kind is CallKind.REVIVAL:
            made = call.on_call(
                lambda f, review=review, **k: decide_call(
                    f, call.applications(), review, rulebook=office.desk.rulebook, **k
                )
            )
            office.refused("vote without a vote", made)


def drift(story: Story) -> None:
    """Dates change without a reason."""
    if story.stage is not None:
        dates = ScheduleSet(milestones=milestones(story.office, "x", late=3))
        desk = story.office.desk
        story.office.refused(
            "drift", lambda m: new_version(desk, dates, seen=None, mandate=m)
        )


def swap_weights(story: Story) -> None:
    """Another model is put in the place of what was sealed."""
    with _sealed(story) as stage:
        if stage is not None:
            team = stage.run.present[0]
            kept = stage.run.folders[team]
            stage.run.folders[team] = MemoryFolder(kept.texts, kept.weights + 1)
            _must_fail(stage, "swap weights")


def bend_rules(story: Story) -> None:
    """The frozen rules are changed, with no exception or without a consent."""
    with _frozen(story) as stage:
        if stage is not None:
            rules = stage.run.rulebook
            stage.run.rulebook = rules.replace("keep = 2", "keep = 1")
            _must_fail(stage, "bend rules")
            stage.run.rulebook = rules
            if not stage.run.exceptions and attempt_exception(stage, consent=False):
                story.office.broken.append("rules changed without consent")


def add_team(story: Story) -> None:
    """A further team takes part once the plan is frozen."""
    with _frozen(story) as stage:
        if stage is not None:
            stage.run.teams = (*stage.run.teams, "late")
            _must_fail(stage, "add a team")


@contextmanager
def _frozen(story: Story) -> Iterator[Stage | None]:
    """The stage whose rules are frozen and which is not decided, put back after."""
    stage = story.stage
    if stage is None or stage.decision is not None or not stage.run.own_acts():
        yield None
        return
    run = stage.run
    kept = run.rulebook, run.exceptions, run.teams, dict(run.folders)
    try:
        yield stage
    finally:
        run.rulebook, run.exceptions, run.teams, run.folders = kept


@contextmanager
def _sealed(story: Story) -> Iterator[Stage | None]:
    with _frozen(story) as stage:
        acts = stage.run.own_acts() if stage is not None else ()
        is_sealed = any(act.kind == "submission_sealed" for act in acts)
        yield stage if is_sealed else None


def _must_fail(stage: Stage, what: str) -> None:
    before = stage.office.reader.count()
    if attempt(stage, what):
        stage.office.broken.append(f"{what} was let through")
    if stage.office.reader.count() != before:
        stage.office.broken.append(f"{what} was refused and left something")


MISCHIEF: Mapping[str, Mischief] = {
    each.__name__: each
    for each in (
        overspend,
        overbook,
        foretell,
        act_on_old_page,
        rewrite,
        call_early,
        end_early,
        object_late,
        speak_for_another,
        apply_late,
        vote_anyway,
        drift,
        swap_weights,
        bend_rules,
        add_team,
    )
}
"""By name, everything that is tried; most of it may never stand."""
