"""Under which rules support is given, and how a refusal names them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from dokja.errors import NotAllowed
from dokja.programme.support_rules import SupportRules
from dokja.programme.values import Rulebook, Topic


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The rules of support with the clauses that govern each part."""

    programme: str
    rules: SupportRules
    gpu: str
    """Clauses on GPUs, as a refusal names them."""
    data: str
    money: str

    def units_of(self, gpu_type: str) -> Decimal:
        """Normalised GPUs that one of the type counts as. Raises: NotAllowed."""
        for each in self.rules.equivalents:
            if each.type == gpu_type:
                return each.units
        known = ", ".join(each.type for each in self.rules.equivalents)
        raise NotAllowed(
            f"no rule says what one {gpu_type} counts as; {self.gpu} knows {known}",
            remedy="agree on its equivalence and add it to the rulebook; it is not "
            "guessed",
        )


def terms_of(rulebook: Rulebook) -> Terms:
    """The terms of the rulebook. Raises: NotAllowed where it has none."""
    rules = rulebook.support_rules or None
    if rules is None:
        raise NotAllowed(
            f"the rulebook of {rulebook.programme} is silent about support",
            remedy="agree on [support_rules] and the clauses that govern them; "
            "nobody's rules are assumed",
        )
    return Terms(
        programme=rulebook.programme,
        rules=rules,
        gpu=_cited(rulebook, Topic.SUPPORT),
        data=_cited(rulebook, Topic.DATA),
        money=_cited(rulebook, Topic.MONEY),
    )


def _cited(rulebook: Rulebook, topic: Topic) -> str:
    return f"clause {', '.join(rulebook.clause_numbers(topic))}"
