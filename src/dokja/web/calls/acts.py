"""Every act on calls that pages offer, by the name in its address."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.web.acts import OfficeAct
from dokja.web.calls.agreement_acts import AGREEMENT_ACTS
from dokja.web.calls.applicant_acts import APPLICANT_ACTS
from dokja.web.calls.application_acts import APPLICATION_ACTS
from dokja.web.calls.review_acts import REVIEW_ACTS
from dokja.web.calls.revival_acts import REVIVAL_ACTS
from dokja.web.calls.text_acts import TEXT_ACTS

CALL_ACTS: Mapping[str, OfficeAct] = {
    **TEXT_ACTS,
    **REVIVAL_ACTS,
    **REVIEW_ACTS,
    **APPLICANT_ACTS,
    **APPLICATION_ACTS,
    **AGREEMENT_ACTS,
}
