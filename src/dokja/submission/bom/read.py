"""Reading the bill of a sealed submission from its folder."""

from __future__ import annotations

from dataclasses import dataclass

from dokja.licence import LicenceTables
from dokja.submission.bom.licences import is_notice_file, report_licences
from dokja.submission.bom.make import make_bill, read_data_manifest
from dokja.submission.bom.values import BillOfMaterials, DeclaredSource, LicenceReport
from dokja.submission.ports import ModelFolder
from dokja.submission.values import Seal


@dataclass(frozen=True, kw_only=True)
class ReadBill:
    """A submission's bill, what its licences amount to, and the tables used."""

    bill: BillOfMaterials
    report: LicenceReport
    tables: LicenceTables


def read_bill_of(seal: Seal, folder: ModelFolder, tables: LicenceTables) -> ReadBill:
    """The bill of what was sealed. Raises: InvalidInput for a damaged manifest."""
    sealed = {file.path for file in seal.files}
    training = seal.manifest.training
    sources: tuple[DeclaredSource, ...] = ()
    if training is not None and training.data in sealed:
        sources = read_data_manifest(
            folder.read_text(training.data), where=training.data
        )
    bill = make_bill(seal, sources, tables)
    notices = sorted(path for path in sealed if is_notice_file(path))
    notice = "\n".join(folder.read_text(path) for path in notices) or None
    return ReadBill(
        bill=bill, report=report_licences(bill, notice, tables), tables=tables
    )
