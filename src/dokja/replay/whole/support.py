"""Published allocations put to the solver and to the rules that count GPUs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from dokja.replay.whole import words
from dokja.replay.whole.moments import first_moment, last_moment
from dokja.replay.whole.pools import plain, units_shown
from dokja.replay.whole.results import Chapter, GivenGpus, Step
from dokja.replay.whole.trying import (
    Found,
    MemoryRecord,
    Part,
    Steps,
    attempt,
    mandate,
    only_read,
    reproduced_if,
)
from dokja.replay.whole.values import (
    History,
    Practice,
    PublishedIncident,
    PublishedPool,
    PublishedPractice,
    PublishedSupport,
)
from dokja.replay.whole.words import filled
from dokja.support.allocation.propose import adoption_of, propose_allocation
from dokja.support.allocation.values import (
    REQUEST_SCHEMA,
    AllocationRequest,
    TeamDemand,
)
from dokja.support.fairness import FairnessRequest
from dokja.support.gpu.book import book_act, book_matter, book_of
from dokja.support.gpu.values import AllocationAdopted, GpuShare, IncidentOpened
from dokja.support.terms import Terms
from dokja.support.values import Window


@dataclass(frozen=True, kw_only=True)
class SupportReplay:
    """Who was given how many GPUs, one time after another."""

    history: History
    terms: Terms
    record: MemoryRecord

    def steps(self) -> Iterator[Step]:
        """What was given, then what went wrong, then how long everybody had."""
        for support in self.history.support:
            if all(share.pool for share in support.shares):
                yield self._solved(support)
            else:
                yield self._counted(support)
                yield self._beyond_pool(support)
        yield from (self._incident(one) for one in self.history.incidents)
        for practice in self.history.practices:
            if practice.practice is Practice.EQUAL_TIME:
                yield self._equal_time(practice)

    def given(self) -> tuple[GivenGpus, ...]:
        """What every team was given, counted under the rules."""
        return tuple(
            GivenGpus(
                support=support.id,
                team=share.team,
                gpu_type=share.gpu_type,
                gpus=share.gpus,
                units=units_shown(self.terms, share.gpu_type, share.gpus),
                pool=share.pool,
            )
            for support in self.history.support
            for share in support.shares
        )

    def _solved(self, support: PublishedSupport) -> Step:
        """The most equal allocation to the teams named, beside what they were given."""
        most = Decimal(sum(share.gpus for share in support.shares))
        request = AllocationRequest(
            schema=REQUEST_SCHEMA,
            id=support.id,
            window=_window(support),
            teams=tuple(
                TeamDemand(team=team, least=Decimal(0), most=most)
                for team in sorted({share.team for share in support.shares})
            ),
        )
        book = self.record.of(book_matter(self.terms.programme))
        proposal = propose_allocation(book_of(book), request, terms=self.terms)
        tried = self.record.put(
            partial(
                book_act,
                book,
                adoption_of(proposal),
                terms=self.terms,
                seen=len(book),
                mandate=mandate(support.on, support.clauses),
            )
        )
        solved = {(s.team, s.pool): s.gpus for s in proposal.shares}
        same = solved == {(s.team, s.pool): s.gpus for s in support.shares}
        listed = ", ".join(f"{gpus:,}" for _, gpus in sorted(solved.items()))
        found = Found(
            act="support.allocation.propose_allocation",
            tried=tried,
            result=reproduced_if(same and tried.refused is None),
            text=filled(words.MOST_EQUAL, gpus=listed),
            assumed=(words.WHOLE_MONTHS,),
        )
        return self._steps.of(support, found)

    def _counted(self, support: PublishedSupport) -> Step:
        """Normalised GPUs of every team, under the rules that count them."""
        units: dict[str, Decimal] = {}
        for share in support.shares:
            more = share.gpus * self.terms.units_of(share.gpu_type)
            units[share.team] = units.get(share.team, Decimal(0)) + more
        same = len(set(units.values())) == 1
        found = Found(
            act="support.terms.units_of",
            result=reproduced_if(same),
            text=filled(
                words.UNITS_EQUAL if same else words.UNITS_DIFFER,
                unit=self.terms.rules.unit,
                units=", ".join(map(plain, units.values())),
            ),
        )
        return self._steps.of(support, found)

    def _beyond_pool(self, support: PublishedSupport) -> Step:
        """Whether the leased pool could have held all that was given of its type."""
        unit = self.terms.rules.unit
        pool = next(p for p in self.history.pools if p.gpu_type == unit)
        book = self.record.of(book_matter(self.terms.programme))
        total = sum(s.gpus for s in support.shares if s.gpu_type == unit)
        found = Found(
            act="support.gpu.book_act",
            tried=attempt(
                partial(
                    book_act,
                    book,
                    _all_from(pool, support),
                    terms=self.terms,
                    seen=len(book),
                    mandate=mandate(support.on, support.clauses),
                )
            ),
            text=filled(
                words.BEYOND_POOL, gpu_type=unit, total=total, count=pool.count
            ),
            assumed=(words.WHOLE_MONTHS,),
        )
        part = Part(
            suffix="pool",
            title=filled(words.POOL_TITLE, gpu_type=unit, total=total),
            published=words.POOL_OPEN,
        )
        return self._steps.of(support, found, part)

    def _incident(self, incident: PublishedIncident) -> Step:
        """The incident handed in exactly as it was published."""
        published = {
            "what": "incident_opened",
            "id": incident.id,
            "begins": incident.on,
            "cause": {"ko": incident.text.ko, "en": incident.text.en},
        }
        found = Found(
            act="support.gpu.compensate",
            tried=attempt(partial(only_read, published, IncidentOpened)),
            text=words.INCIDENT,
        )
        return self._steps.of(incident, found)

    def _equal_time(self, practice: PublishedPractice) -> Step:
        """Development times handed in exactly as they were published."""
        window = {"begins": practice.on, "ends": practice.until}
        published = {
            "stage": practice.id,
            "teams": [{"team": team, "window": window} for team in practice.teams],
        }
        found = Found(
            act="support.fairness.compare_support",
            tried=attempt(partial(only_read, published, FairnessRequest)),
            text=words.EQUAL_TIME,
        )
        return self._steps.of(practice, found)

    @property
    def _steps(self) -> Steps:
        return Steps(history=self.history, chapter=Chapter.SUPPORT)


def _window(support: PublishedSupport) -> Window:
    return Window(
        begins=first_moment(support.on), ends=last_moment(support.until or support.on)
    )


def _all_from(pool: PublishedPool, support: PublishedSupport) -> AllocationAdopted:
    """Everything of the pool's type, as if it came from this pool."""
    window = _window(support)
    ends = min(window.ends, last_moment(pool.until or pool.on))
    return AllocationAdopted(
        id=support.id,
        solved_from="-",
        shares=tuple(
            GpuShare(
                team=share.team,
                pool=pool.id,
                gpus=share.gpus,
                window=Window(begins=window.begins, ends=ends),
            )
            for share in support.shares
            if share.gpu_type == pool.gpu_type
        ),
    )
