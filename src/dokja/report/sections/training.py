"""The training records: tier, outcome and every check, component by component."""

from __future__ import annotations

from collections.abc import Iterator

from dokja.evidence.values import CheckResult, Text
from dokja.report.names import Names
from dokja.report.pieces import Fact, TeamLink, View, Word, same, team_link, unique
from dokja.report.sections.gate import CheckRow
from dokja.report.wording import CHECK, component_kind
from dokja.stage.values import ComponentRecord, StageRecord
from dokja.training.tier_words import MEANING
from dokja.training.values import Tier

NO_RECORD = Text("기록 없음", "no record")


class RecordRow(View, frozen=True, kw_only=True):
    """A component's record at a glance."""

    team: TeamLink
    first: bool
    """Whether the row is the team's first."""
    component: Text
    tier: str
    outcome: Word | None
    """None where no record was handed in."""
    said: Text


class RecordDetail(View, frozen=True, kw_only=True):
    """A component's record, check by check."""

    anchor: str
    team: Text
    component: Text
    run: str
    events: str
    tier: str
    outcome: Word
    meaning: Text
    looked_at: tuple[CheckRow, ...]
    not_run: str
    """Ids of the checks that were not made."""


class TrainingView(View, frozen=True, kw_only=True):
    """The section on training records."""

    rows: tuple[RecordRow, ...]
    records: tuple[RecordDetail, ...]
    tiers: tuple[Fact, ...]
    cannot_prove: tuple[Text, ...]


def training_view(record: StageRecord, names: Names) -> TrainingView | None:
    """The records of the stage; None where none was handed in."""
    found = record.evidence.records
    if not found:
        return None
    return TrainingView(
        rows=tuple(_rows(record, names)),
        records=tuple(_detail(each, names) for each in found),
        tiers=tuple(Fact(label=same(t.value), value=MEANING[t]) for t in Tier),
        cannot_prove=unique(
            limit for each in found for limit in each.verdict.cannot_prove
        ),
    )


def _rows(record: StageRecord, names: Names) -> Iterator[RecordRow]:
    verdicts = {(r.team, r.component): r for r in record.evidence.records}
    for seal in record.evidence.seals:
        team = seal.manifest.team
        for position, component in enumerate(seal.manifest.components):
            found = verdicts.get((team, component.kind))
            yield RecordRow(
                team=team_link(team, names),
                first=position == 0,
                component=component_kind(component.kind.value),
                tier=Tier.E0.value if found is None else found.verdict.tier.value,
                outcome=None if found is None else _word(found.verdict.outcome),
                said=NO_RECORD if found is None else _said(found),
            )


def _said(found: ComponentRecord) -> Text:
    """What failed, else what the tier means."""
    failed = [c for c in found.verdict.checks if c.result is CheckResult.FAIL]
    if not failed:
        return found.verdict.meaning
    return Text(
        ko=" ".join(f"{check.id}: {check.detail.ko}" for check in failed),
        en=" ".join(f"{check.id}: {check.detail.en}" for check in failed),
    )


def _detail(found: ComponentRecord, names: Names) -> RecordDetail:
    verdict = found.verdict
    return RecordDetail(
        anchor=f"training-{found.team}-{found.component.value}",
        team=names.team(found.team),
        component=component_kind(found.component.value),
        run=verdict.run,
        events=f"{verdict.events:,}",
        tier=verdict.tier.value,
        outcome=_word(verdict.outcome),
        meaning=verdict.meaning,
        looked_at=tuple(
            CheckRow(id=c.id, result=_word(c.result), detail=c.detail)
            for c in verdict.checks
            if c.result is not CheckResult.NOT_RUN
        ),
        not_run=", ".join(
            c.id for c in verdict.checks if c.result is CheckResult.NOT_RUN
        ),
    )


def _word(result: CheckResult) -> Word:
    return Word(code=result.value, text=CHECK[result])
