"""Bills of materials and licences of a submission: paths in, values out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dokja.adapters.weights import LocalModelFolder
from dokja.settings import Settings
from dokja.submission.bom.read import ReadBill, read_bill_of
from dokja.wiring.inspecting import inspect_submission
from dokja.wiring.licence_tables import shipped_tables

__all__ = ["ReadBill", "read_bill", "shipped_tables"]


def read_bill(
    folder: Path, *, settings: Settings, on_step: Callable[[str, str], None]
) -> ReadBill:
    """The bill of the submission in a folder, read whole as sealing will.

    Raises: what sealing raises, and InvalidInput for a damaged data manifest.
    """
    seal = inspect_submission(folder, settings=settings, on_step=on_step)
    opened = LocalModelFolder(folder, block_bytes=settings.block_bytes)
    return read_bill_of(seal, opened, shipped_tables())
