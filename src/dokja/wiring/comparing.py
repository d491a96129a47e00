"""Two models compared, apart from the wiring of stages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dokja.adapters.weights import find_subject
from dokja.lineage import Comparison, LineageReport, compare_lineage, shipped_rules
from dokja.settings import Settings
from dokja.wiring.machines import make_compute

OnProgress = Callable[[str, int, int], None]
"""Told what was read, and how many parameters of how many are done."""


def compare_models(
    candidate: Path | str,
    reference: Path | str,
    *,
    settings: Settings,
    on_step: OnProgress,
    searched: int | None = None,
) -> LineageReport:
    """The lineage of the model at one folder, file or address against another.

    Under the shipped rules, corrected for the components both have, or for
    `searched` of them where the reference was found in a search.
    """
    mine, theirs = (
        find_subject(root, block_bytes=settings.block_bytes)
        for root in (candidate, reference)
    )
    shared = mine.components.keys() & theirs.components.keys()
    return compare_lineage(
        mine,
        theirs,
        Comparison(
            rules=shipped_rules(),
            seed_text=f"{mine.name} against {theirs.name}",
            searched=searched or max(len(shared), 1),
            compute=make_compute(settings),
            on_step=on_step,
        ),
    )
