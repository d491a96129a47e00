"""What a submission is made of, what its licences ask, and the exports of both."""

from dokja.submission.bom.croissant import croissant_of
from dokja.submission.bom.cyclonedx import cyclonedx_of
from dokja.submission.bom.licences import is_notice_file, report_licences
from dokja.submission.bom.make import make_bill, read_data_manifest
from dokja.submission.bom.notice import notice_of, notice_page
from dokja.submission.bom.spdx import spdx_of
from dokja.submission.bom.training_summary import summary_of, summary_page
from dokja.submission.bom.values import BillOfMaterials, LicenceReport

__all__ = [
    "BillOfMaterials",
    "LicenceReport",
    "croissant_of",
    "cyclonedx_of",
    "is_notice_file",
    "make_bill",
    "notice_of",
    "notice_page",
    "read_data_manifest",
    "report_licences",
    "spdx_of",
    "summary_of",
    "summary_page",
]
