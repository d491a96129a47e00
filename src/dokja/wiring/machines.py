"""The machines that work is spread over."""

from __future__ import annotations

from dokja.adapters.compute import LocalPool, RayCluster
from dokja.evidence.ports import Compute
from dokja.settings import Settings


def make_compute(settings: Settings) -> Compute:
    """The pool or the cluster that the settings name."""
    workers, (kind, _, address) = settings.workers, settings.compute.partition(":")
    return RayCluster(address, workers=workers) if kind == "ray" else LocalPool(workers)
