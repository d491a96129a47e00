"""What readers are shown of published scores and of what outsiders say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from dokja.disclosure.values import TOTAL
from dokja.evidence.canonical import digest_of
from dokja.evidence.values import Check, CheckResult, Text
from dokja.programme.values import Rulebook
from dokja.recognition import Recognition, RecognitionState, series
from dokja.recognition.values import IndexSeries, Listing, Reported
from dokja.recognition.words import STATES
from dokja.web.acts import ActLink, links_to
from dokja.web.disclosures.acts import RECOGNITION_ACTS
from dokja.web.reader import Reader
from dokja.wiring.disclosed import Disclosed, OwnSheet


class CheckLine(msgspec.Struct, frozen=True, kw_only=True):
    """A check of the proof, and whether it holds."""

    id: str
    detail: Text
    holds: bool


class FigureLine(msgspec.Struct, frozen=True, kw_only=True):
    """What is published of one figure."""

    name: Text
    possible: Decimal | None
    teams: int
    mean: Decimal | None
    """None where it is not published."""
    sum: Decimal | None
    opened: tuple[str, ...]
    """Teams whose score is open, each with it."""


class ScoresView(msgspec.Struct, frozen=True, kw_only=True):
    """One file of published scores."""

    name: str
    stage: str
    digest: str
    rules_digest: str
    is_sound: bool
    checks: tuple[CheckLine, ...]
    figures: tuple[FigureLine, ...]
    withheld: tuple[Text, ...]


class FactLine(msgspec.Struct, frozen=True, kw_only=True):
    """What an outsider says."""

    id: str
    team: str
    model: str
    body: str
    what: Text
    on: str
    source: Reported
    state: Text
    stands: bool
    reason: Text | None
    acts: tuple[ActLink, ...]


class SideBySide(msgspec.Struct, frozen=True, kw_only=True):
    """Values of one version of an index."""

    name: str
    values: tuple[str, ...]


class DisclosuresView(msgspec.Struct, frozen=True, kw_only=True):
    """The page."""

    scores: tuple[ScoresView, ...]
    facts: tuple[FactLine, ...]
    side_by_side: tuple[SideBySide, ...]
    acts: tuple[ActLink, ...]


class SheetLine(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of the team's own sheet."""

    name: Text
    points: Decimal
    possible: Decimal


class SheetView(msgspec.Struct, frozen=True, kw_only=True):
    """A team's own sheet."""

    name: str
    stage: str
    holds: bool
    detail: Text
    lines: tuple[SheetLine, ...]


def disclosures_view(
    found: Sequence[Disclosed],
    facts: Sequence[Recognition],
    reader: Reader,
    *,
    rulebook: Rulebook,
) -> DisclosuresView:
    """The page for this reader: all of it is public."""
    acts = ("recognition-record",) if reader.runs else ()
    return DisclosuresView(
        scores=tuple(_scores(each, _names(rulebook)) for each in found),
        facts=tuple(_fact(each, reader) for each in facts),
        side_by_side=tuple(
            _side_by_side(group) for group in series(facts) if len(group.values) > 1
        ),
        acts=links_to(RECOGNITION_ACTS, acts),
    )


def sheet_view(own: OwnSheet) -> SheetView:
    """A team's own sheet, its points beside what was possible."""
    return SheetView(
        name=own.name,
        stage=own.sheet.stage,
        holds=own.check.result is CheckResult.PASS,
        detail=own.check.detail,
        lines=tuple(
            SheetLine(name=line.name, points=line.opened.points, possible=line.possible)
            for line in own.sheet.lines
        ),
    )


def _names(rulebook: Rulebook) -> dict[str, tuple[Text, Decimal | None]]:
    total = sum((c.points for c in rulebook.categories), Decimal(0))
    found: dict[str, tuple[Text, Decimal | None]] = {
        TOTAL: (Text(ko="총점", en="Total"), total)
    }
    for category in rulebook.categories:
        found[category.id] = (category.name, category.points)
        for part in category.components:
            found.setdefault(part.id, (part.name, part.points))
    return found


def _scores(
    each: Disclosed, names: Mapping[str, tuple[Text, Decimal | None]]
) -> ScoresView:
    published = each.scores
    sums = {one.figure: one for one in published.sums}
    figures = dict.fromkeys(score.figure for score in published.scores)
    lines = []
    for figure in figures:
        mine = [score for score in published.scores if score.figure == figure]
        name, possible = names.get(figure, (Text(ko=figure, en=figure), None))
        known = sums.get(figure)
        lines.append(
            FigureLine(
                name=name,
                possible=possible,
                teams=len(mine),
                mean=None if known is None else known.mean,
                sum=None if known is None else known.sum.points,
                opened=tuple(
                    f"{score.team} {score.opened.points}"
                    for score in mine
                    if score.opened is not None
                ),
            )
        )
    return ScoresView(
        name=each.name,
        stage=published.stage,
        digest=digest_of(published),
        rules_digest=published.rules_digest,
        is_sound=all(check.result is CheckResult.PASS for check in each.checks),
        checks=tuple(map(_check, each.checks)),
        figures=tuple(lines),
        withheld=published.withheld,
    )


def _check(check: Check) -> CheckLine:
    holds = check.result is CheckResult.PASS
    return CheckLine(id=check.id, detail=check.detail, holds=holds)


def _fact(each: Recognition, reader: Reader) -> FactLine:
    fact, stands = each.fact, each.state is not RecognitionState.TAKEN_OFF
    acts = ("recognition-correct", "recognition-take-off")
    return FactLine(
        id=each.id,
        team=fact.team,
        model=fact.model or "",
        body=fact.body,
        what=_what(each),
        on=fact.on or "",
        source=fact.source,
        state=STATES[each.state],
        stands=stands,
        reason=each.reason,
        acts=links_to(RECOGNITION_ACTS, acts, of=each.id)
        if reader.runs and stands
        else (),
    )


def _what(each: Recognition) -> Text:
    fact = each.fact
    if isinstance(fact, Listing):
        return Text(
            ko=f"{fact.list} 등재 (기준: {fact.rule.ko})",
            en=f"on {fact.list} (by: {fact.rule.en})",
        )
    version = fact.version or ""
    ko = f"{fact.index} {version or '(버전 미상)'} {fact.value}"
    en = f"{fact.index} {version or '(version unknown)'} {fact.value}"
    if fact.rank is not None and fact.among is not None:
        ko += f", {fact.among.ko} 중 {fact.rank}위"
        en += f", rank {fact.rank} among {fact.among.en}"
    return Text(ko=ko, en=en)


def _side_by_side(group: IndexSeries) -> SideBySide:
    return SideBySide(
        name=f"{group.body} {group.index} {group.version or ''}".strip(),
        values=tuple(
            f"{each.fact.team} {getattr(each.fact, 'value', '')}"
            for each in group.values
        ),
    )
