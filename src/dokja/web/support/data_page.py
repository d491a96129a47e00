"""A data asset: its rights, its steps, who may have it and what holds it back."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from starlette.exceptions import HTTPException

from dokja.programme.agenda import TimelineEntry, timeline
from dokja.programme.matters import Recorded, acts_of, read_history
from dokja.support.data.assets import asset_matter
from dokja.support.data.values import AssetRecord, DataEvent, DataMilestone
from dokja.support.event_words import EVENT_WORDS
from dokja.support.overview import AssetStanding
from dokja.web.acts import ActLink, links_to
from dokja.web.entry import Visitor
from dokja.web.pages import Page, Room
from dokja.web.support.acts import SUPPORT_ACTS
from dokja.web.support.reader import SupportReader, member_reader

room = Room()


class ShownStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step of preparing an asset, how late it is, and what can be done about it."""

    step: DataMilestone
    days_late: int
    """Since the first due day; 0 where it is not late."""
    acts: tuple[ActLink, ...]


class AssetView(msgspec.Struct, frozen=True, kw_only=True):
    """The page of an asset, as far as it is the reader's to see."""

    standing: AssetStanding
    steps: tuple[ShownStep, ...]
    sees_all: bool
    acts: tuple[ActLink, ...]
    history: tuple[TimelineEntry, ...]


@room.page("/support/assets/{asset}")
def asset_page(visit: Visitor, asset: str) -> Page:
    """The asset; of a team only one that it is entitled to."""
    reader = member_reader(visit)
    standing = reader.standing
    found = next((a for a in standing.assets if a.record.asset.id == asset), None)
    if found is None:
        raise HTTPException(404)
    late = {each.milestone.id: each.days for each in found.late}
    view = AssetView(
        standing=found,
        steps=tuple(
            ShownStep(
                step=step,
                days_late=late.get(step.id, 0),
                acts=_step_acts(reader, asset, step),
            )
            for step in found.record.milestones
        ),
        sees_all=reader.sees_all,
        acts=links_to(SUPPORT_ACTS, tuple(_sensible(reader, found.record)), of=asset),
        history=_history(reader, asset) if reader.sees_all else (),
    )
    return Page(
        template="support/asset.html", title=found.record.asset.title, view=view
    )


def _sensible(reader: SupportReader, record: AssetRecord) -> Iterator[str]:
    """Names of the acts that make sense as the asset stands."""
    if not reader.may_act:
        return
    yield "rights-state"
    if record.purchase is None:
        yield "asset-buy"
    yield from ("milestone-set", "team-entitle")
    if record.entitled:
        yield from ("data-hand-over", "entitlement-end")


def _step_acts(
    reader: SupportReader, asset: str, step: DataMilestone
) -> tuple[ActLink, ...]:
    open_to = reader.may_act and step.met is None
    names = ("milestone-meet", "milestone-move") if open_to else ()
    return links_to(SUPPORT_ACTS, names, of=f"{asset}/{step.id}")


def _history(reader: SupportReader, name: str) -> tuple[TimelineEntry, ...]:
    matter = asset_matter(reader.record.terms.programme, name)
    own: tuple[Recorded[DataEvent], ...] = read_history(
        acts_of(matter, reader.record.acts.assets),
        DataEvent,  # type: ignore[arg-type]
    )
    return timeline([("", own)], EVENT_WORDS)
