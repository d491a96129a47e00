"""How figures of the standing stand on a card."""

from __future__ import annotations

import json
from decimal import Decimal

from markupsafe import Markup

from dokja.evidence.values import Estimate, Text
from dokja.report.figures import meter_figure
from dokja.report.numerals import Shown, interval
from dokja.report.pieces import same
from dokja.standing.values import CategoryScore, TeamStanding


def shown_points(value: Decimal | None, reason: Text | None = None) -> Shown:
    """Points as they stand in the record, with all their decimals."""
    return Shown(None if value is None else f"{value}", reason)


def said_if_known(value: Shown, known: Text, unknown: Text) -> Text:
    """The sentence that fits: of a figure that is known, or of one that is not."""
    return unknown if value.text is None else known


def fact(value: Shown, after: str) -> Text:
    """A figure beside another, in both languages."""
    if value.text is None:
        return Text("미정", "undetermined")
    return same(value.text + after)


def out_of(possible: str) -> Text:
    """What the figure is out of."""
    return Text(f"/ {possible}점", f"/ {possible} points")


def as_json(value: Decimal | int | None) -> str:
    """The value as the record holds it."""
    return json.dumps(f"{value}" if isinstance(value, Decimal) else value)


def observations_of(team: TeamStanding, component: str) -> int:
    """What a component of the team counts; 0 where it was not measured."""
    parts = [part for c in team.categories for part in c.components]
    return sum(p.share.n for p in parts if p.component == component and p.share)


def observations_in(category: CategoryScore) -> int | None:
    """What a category counts; None where nothing was measured."""
    return sum(p.share.n for p in category.components if p.share) or None


def point_interval(share: Estimate | None, possible: Decimal) -> str | None:
    """The interval of a share in points; None where there is none."""
    if share is None or share.low is None or share.high is None:
        return None
    worth = float(possible)
    return interval(share.low * worth, share.high * worth, places=2)


def share_meter(found: Estimate | None, possible: float) -> Markup | None:
    """A bar of what was won of the possible; None where nothing is known."""
    if found is None:
        return None
    share = Estimate(
        value=found.value / possible,
        low=None if found.low is None else found.low / possible,
        high=None if found.high is None else found.high / possible,
        n=found.n,
        method=found.method,
        source=found.source,
    )
    name = Text("배점 대비 비율과 95% 구간", "Share of the points, 95% interval")
    return meter_figure("value", share, name=name, highest=1.0)


def rank_interval(team: TeamStanding) -> str | None:
    """The central 95 % of the ranks drawn; None where none were."""
    reached, low, high = 0.0, None, None
    for rank, share in enumerate(team.rank_probability, start=1):
        reached += share
        low = rank if low is None and reached >= 0.025 else low
        high = rank if high is None and reached >= 0.975 else high
    return interval(low, high, places=0)
