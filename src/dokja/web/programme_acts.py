"""Every act that pages offer, by the name in its address."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.web.acts import OfficeAct, acts_room
from dokja.web.allegations import ALLEGATION_ACTS
from dokja.web.calls import CALL_ACTS
from dokja.web.commitments import COMMITMENT_ACTS
from dokja.web.decisions import DECISION_ACTS
from dokja.web.disclosures import RECOGNITION_ACTS
from dokja.web.schedule import SCHEDULE_ACTS
from dokja.web.support.acts import SUPPORT_ACTS

ACTS: Mapping[str, OfficeAct] = {
    **CALL_ACTS,
    **ALLEGATION_ACTS,
    **COMMITMENT_ACTS,
    **DECISION_ACTS,
    **RECOGNITION_ACTS,
    **SCHEDULE_ACTS,
    **SUPPORT_ACTS,
}
"""A room adds its own: `**CALL_ACTS` and so on."""

acts = acts_room(ACTS)
