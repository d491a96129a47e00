"""Rules of the independence dossier, as frozen values.

A gate that names an item set is decided on its items; one that names none keeps
the checks that its rulebook was frozen with, and its digest.
"""

from __future__ import annotations

from enum import StrEnum

from dokja.evidence.values import Growing


class ItemSet(StrEnum):
    """Which edition of the dossier's items a gate is decided on."""

    OF_2026_11 = "2026-11"


class OnFail(StrEnum):
    """What a failed item does to its aspect, once the team was heard."""

    FAIL = "fail"
    UNDETERMINED = "undetermined"


class OpinionRule(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many experts give an opinion on an aspect, and how many must agree."""

    quorum: int
    """Votes that count at the least; those of recused experts do not."""
    agreement: int
    """Votes for one choice that make it the panel's opinion."""


FOREIGN_WEIGHTS = "tech-04"
"""The item that no inherited component may pass."""

ITEM_IDS: dict[ItemSet, tuple[str, ...]] = {
    ItemSet.OF_2026_11: (
        *(f"tech-{number:02}" for number in range(1, 14)),
        *(f"policy-{number:02}" for number in range(1, 8)),
        *(f"ethic-{number:02}" for number in range(1, 10)),
    )
}
BESIDE_ITEMS = ("panel-01",)
"""Checks that a gate may require beside the items of any set."""
