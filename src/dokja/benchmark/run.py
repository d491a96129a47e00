"""The official run: one model over the frozen suites, through a harness."""

from __future__ import annotations

from collections.abc import Sequence

from dokja.benchmark.ports import Harness
from dokja.benchmark.results import check_complete
from dokja.benchmark.values import OfficialRun, Suite
from dokja.evidence.canonical import digest_of


def run_official(
    harness: Harness,
    suites: Sequence[Suite],
    *,
    subject: str,
    model: str,
    weights_root: str,
) -> OfficialRun:
    """The run of one model; every item has a record, scored or with a reason.

    Raises: InvalidInput where the harness dropped or repeated an item.
    """
    run = OfficialRun(
        subject=subject,
        weights_root=weights_root,
        engine=harness.engine,
        suites_digest=digest_of(list(suites)),
        samples=harness.run(model, suites),
    )
    check_complete(run, suites)
    return run
