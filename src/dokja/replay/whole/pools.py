"""Published pools put to the book of GPUs, and whether it keeps their lessors out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

import msgspec

from dokja.errors import NotAllowed
from dokja.evidence.values import Text
from dokja.programme.support_rules import GpuEquivalent
from dokja.replay.whole import words
from dokja.replay.whole.moments import first_moment, last_moment
from dokja.replay.whole.results import Chapter, LeasedPool, Step
from dokja.replay.whole.trying import (
    Found,
    MemoryRecord,
    Part,
    Steps,
    Tried,
    attempt,
    mandate,
    reproduced_if,
)
from dokja.replay.whole.values import (
    History,
    Practice,
    PublishedPool,
    PublishedPractice,
)
from dokja.replay.whole.words import filled
from dokja.support.gpu.book import book_act, book_matter
from dokja.support.gpu.values import (
    AllocationAdopted,
    GpuPool,
    GpuShare,
    PoolBasis,
    PoolRegistered,
    Throughput,
)
from dokja.support.terms import Terms
from dokja.support.values import CitedSource, Window

TRIED_UNITS = (Decimal("0.25"), Decimal("0.5"), Decimal(1), Decimal(2))
"""What one GPU of an unknown type might count as; the exclusion is tried with each."""
SHARE_OF_PROMISE = Throughput(measure="share of the promise", value=Decimal(1))


@dataclass(frozen=True, kw_only=True)
class PoolReplay:
    """The leased pools of a history."""

    history: History
    terms: Terms
    record: MemoryRecord

    def steps(self) -> Iterator[Step]:
        """A step for every pool and for every lessor that competes."""
        yield from (self._pool(pool) for pool in self.history.pools)
        for practice in self.history.practices:
            if practice.practice is Practice.LESSORS:
                yield from (self._lessor(practice, team) for team in practice.teams)

    def leased(self) -> tuple[LeasedPool, ...]:
        """The pools, counted under the rules where these know their GPUs."""
        return tuple(
            LeasedPool(
                id=pool.id,
                supplier=pool.supplier,
                gpu_type=pool.gpu_type,
                count=pool.count,
                units=units_shown(self.terms, pool.gpu_type, pool.count),
                on=pool.on,
                until=pool.until,
            )
            for pool in self.history.pools
        )

    def _pool(self, pool: PublishedPool) -> Step:
        book = self.record.of(book_matter(self.terms.programme))
        tried = self.record.put(
            partial(
                book_act,
                book,
                PoolRegistered(pool=self._registered(pool)),
                terms=self.terms,
                seen=len(book),
                mandate=mandate(pool.on, pool.clauses),
            )
        )
        if tried.refused is not None:
            text = filled(words.POOL_UNCOUNTED, gpu_type=pool.gpu_type)
            found = Found(act="support.gpu.book_act", tried=tried, text=text)
            return self._steps.of(pool, found)
        text = filled(
            words.POOL,
            gpu_type=pool.gpu_type,
            count=pool.count,
            node=self.terms.rules.node,
        )
        found = Found(
            act="support.gpu.book_act",
            tried=tried,
            text=text,
            assumed=(words.AS_PROMISED, words.WHOLE_MONTHS),
        )
        return self._steps.of(pool, found)

    def _lessor(self, practice: PublishedPractice, team: str) -> Step:
        """Whether the book refuses the lessor's team a node of its own pool."""
        pool = next(p for p in self.history.pools if p.supplier == team)
        known = known_units(self.terms, pool.gpu_type)
        tried = [
            self._node_for_lessor(pool, units)
            for units in (TRIED_UNITS if known is None else (known,))
        ]
        name = next(o.name for o in self.history.organisations if o.id == team)
        text = words.LESSOR if known is not None else words.LESSOR_WHATEVER
        found = Found(
            act="support.gpu.book_act",
            tried=tried[0],
            result=reproduced_if(all(one.refused is not None for one in tried)),
            text=filled(text, team=name, gpu_type=pool.gpu_type),
            assumed=(words.WHOLE_MONTHS,),
        )
        title = Text(
            ko=f"{practice.title.ko}: {name.ko}", en=f"{practice.title.en}: {name.en}"
        )
        part = Part(suffix=team, title=title, published=practice.text)
        return self._steps.of(practice, found, part)

    def _node_for_lessor(self, pool: PublishedPool, units: Decimal) -> Tried:
        """What the book says where the lessor's team would get a node."""
        terms = _with_units(self.terms, pool.gpu_type, units)
        own = mandate(pool.on, pool.clauses)
        registered = self._registered(pool)
        share = GpuShare(
            team=pool.supplier,
            pool=pool.id,
            gpus=terms.rules.node,
            window=registered.window,
        )
        first = book_act(
            (), PoolRegistered(pool=registered), terms=terms, seen=0, mandate=own
        )
        given = AllocationAdopted(id="own", solved_from="-", shares=(share,))
        return attempt(
            partial(book_act, (first,), given, terms=terms, seen=1, mandate=own)
        )

    def _registered(self, pool: PublishedPool) -> GpuPool:
        source = self.history.sources[pool.sources[0]]
        return GpuPool(
            id=pool.id,
            supplier=pool.supplier,
            gpu_type=pool.gpu_type,
            count=pool.count,
            window=Window(
                begins=first_moment(pool.on), ends=last_moment(pool.until or pool.on)
            ),
            basis=PoolBasis.LEASE,
            promised=SHARE_OF_PROMISE,
            source=CitedSource(
                name=source.publisher, on=first_moment(source.date).date()
            ),
            lessor_team=pool.supplier,
        )

    @property
    def _steps(self) -> Steps:
        return Steps(history=self.history, chapter=Chapter.SUPPORT)


def known_units(terms: Terms, gpu_type: str) -> Decimal | None:
    """What one GPU of the type counts as; None where no rule says so."""
    try:
        return terms.units_of(gpu_type)
    except NotAllowed:
        return None


def units_shown(terms: Terms, gpu_type: str, gpus: int) -> str | None:
    """Normalised GPUs as a plain number; None where no rule says what one is."""
    one = known_units(terms, gpu_type)
    return None if one is None else plain(one * gpus)


def plain(units: Decimal) -> str:
    """The number without exponent and without trailing zeros."""
    return f"{units.normalize():f}"


def _with_units(terms: Terms, gpu_type: str, units: Decimal) -> Terms:
    """The terms with an equivalence of the type, in memory only."""
    known = tuple(e for e in terms.rules.equivalents if e.type != gpu_type)
    added = GpuEquivalent(type=gpu_type, units=units)
    rules = msgspec.structs.replace(terms.rules, equivalents=(*known, added))
    return replace(terms, rules=rules)
