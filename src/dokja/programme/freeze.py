"""The freeze: rules stand before the first seal, or a record says why not."""

from __future__ import annotations

from collections.abc import Sequence

from dokja.errors import NotAllowed
from dokja.evidence.values import Act

FROZEN = "rules_frozen"
EXCEPTED = "rules_exception"


def rules_in_force(acts: Sequence[Act]) -> str | None:
    """Digest of the rules a stage runs under; None before they were frozen."""
    digest: str | None = None
    for act in acts:
        if act.kind == FROZEN:
            digest = str(act.body["rules_digest"])
        elif act.kind == EXCEPTED and act.body["from_digest"] == digest:
            digest = str(act.body["to_digest"])
    return digest


def require_frozen(acts: Sequence[Act], *, rules_digest: str) -> None:
    """Nothing. Raises: NotAllowed unless exactly these rules are in force."""
    digest = rules_in_force(acts)
    if digest is None:
        raise NotAllowed(
            "the rules of this stage are not frozen",
            remedy="freeze the rulebook before the first submission is sealed",
        )
    if digest != rules_digest:
        raise NotAllowed(
            f"the stage runs under rules {digest}, but the rulebook given now "
            f"is {rules_digest}",
            remedy="go back to the frozen rulebook, or record an exception in "
            "stage.toml ([[exceptions]] with both digests, the reason and the "
            "consents) before using the new one",
        )
