"""Every check's result on a twin, and whether the one that had to find it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dokja.errors import DokjaError
from dokja.training.values import RecordVerdict
from dokja.wiring.training import VerifyRequest, verify_training
from tests.twins.honest import Kept
from tests.twins.mutation import Mutation

REFUSED = "refused"
Results = Mapping[str, str]
"""What each check said; `refused` alone where the files could not be read at all."""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What became of one twin."""

    mutation: Mutation
    before: Results
    after: Results
    tier: str

    @property
    def changed(self) -> tuple[str, ...]:
        """Checks that say something else than of the honest record."""
        return tuple(n for n, said in self.after.items() if self.before.get(n) != said)

    @property
    def is_caught(self) -> bool:
        """Whether the named check said what it has to."""
        found = self.after.get(self.mutation.caught_by)
        if self.mutation.as_ == "inconclusive":
            return found in ("inconclusive", "fail") and (
                self.before.get(self.mutation.caught_by) != found
            )
        return found == self.mutation.as_


def verdict_on(kept: Kept) -> RecordVerdict:
    """The verdict with the keys and the head that the organiser has."""
    return verify_training(
        VerifyRequest(
            record=kept.record,
            team_key=kept.keys.team,
            witness_keys=[kept.keys.witness],
            latest=[kept.latest] if kept.latest.exists() else [],
        )
    )


def results_of(kept: Kept) -> tuple[Results, str]:
    """Result of each check, and the tier."""
    try:
        verdict = verdict_on(kept)
    except DokjaError:
        return {REFUSED: "fail"}, "-"
    return {c.id: c.result.value for c in verdict.checks}, verdict.tier.value


def judged(
    mutation: Mutation, honest: Kept, before: Results, scratch: Path
) -> Judgement:
    """The mutation made of an honest record, and checked."""
    after, tier = results_of(mutation.forge(honest, scratch))
    return Judgement(mutation=mutation, before=before, after=after, tier=tier)
