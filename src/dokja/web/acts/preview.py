"""What would follow from an act, shown before anybody can confirm it."""

from __future__ import annotations

from typing import Any

import msgspec

from dokja.evidence.canonical import digest_of
from dokja.web.acts.office_act import Asked, OfficeAct
from dokja.web.visit import Visit

LOOK = "look"
"""What the form's `step` says where somebody asks what would follow."""


class ShownPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown; the form sends back its digest, and nothing else is filed."""

    template: str
    view: Any
    digest: str
    can_be_filed: bool
    has_changed: bool
    """Whether it differs from what whoever confirmed it was shown."""


def to_be_shown(visit: Visit, act: OfficeAct, asked: Asked) -> ShownPreview | None:
    """What has to be shown before the act is taken; None where it was.

    Raises: what computing it raises.
    """
    if act.preview is None:
        return None
    found = act.preview(visit.office, asked)
    digest, shown = digest_of(found.view), visit.sent("shown")
    confirms = visit.sent("step") != LOOK and bool(shown)
    if confirms and shown == digest and found.can_be_filed:
        return None
    return ShownPreview(
        template=found.template,
        view=found.view,
        digest=digest,
        can_be_filed=found.can_be_filed,
        has_changed=confirms and shown != digest,
    )
