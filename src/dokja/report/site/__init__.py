"""A bundle as static pages: a card for every claim, and a page that checks them.

`render_site` is pure: from a publication to the bytes of every file.
"""

from dokja.report.site.claim import Claim, claim_id
from dokja.report.site.claims import claims_of
from dokja.report.site.corrections import append_correction, log_text, read_log
from dokja.report.site.pages import claim_ids, log_start, render_site
from dokja.report.site.values import (
    ClaimKind,
    Correction,
    CorrectionLog,
    Publication,
    PublishedAct,
)

__all__ = [
    "Claim",
    "ClaimKind",
    "Correction",
    "CorrectionLog",
    "Publication",
    "PublishedAct",
    "append_correction",
    "claim_id",
    "claim_ids",
    "claims_of",
    "log_start",
    "log_text",
    "read_log",
    "render_site",
]
