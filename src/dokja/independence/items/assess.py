"""Every item of the dossier against what is held on a team."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from dokja.independence.items import ethical, policy, technical
from dokja.independence.items.answers import answered
from dokja.independence.items.evidence import TeamEvidence
from dokja.independence.items.outcome import Found
from dokja.independence.items.values import ItemOutcome

Assess = Callable[[TeamEvidence], Found]


def _said(item: str) -> Assess:
    return partial(answered, item=item)


ASSESS: Mapping[str, Assess] = {
    "tech-01": technical.initialised,
    "tech-02": technical.followed,
    "tech-03": technical.walked,
    "tech-04": technical.no_foreign_weights,
    "tech-05": technical.own_architecture,
    "tech-06": _said("tech-06"),
    "tech-07": technical.own_code,
    "tech-08": technical.all_tokens,
    "tech-09": technical.token_shares,
    "tech-10": technical.generators,
    "tech-11": technical.tokenizer,
    "tech-12": technical.algorithm,
    "tech-13": technical.phases,
    "policy-01": policy.no_strings,
    "policy-02": _said("policy-02"),
    "policy-03": policy.no_remote_code,
    "policy-04": _said("policy-04"),
    "policy-05": _said("policy-05"),
    "policy-06": _said("policy-06"),
    "policy-07": _said("policy-07"),
    "ethic-01": ethical.named_licences,
    "ethic-02": ethical.no_conflict,
    "ethic-03": ethical.notices,
    "ethic-04": _said("ethic-04"),
    "ethic-05": ethical.training_summary,
    "ethic-06": _said("ethic-06"),
    "ethic-07": _said("ethic-07"),
    "ethic-08": _said("ethic-08"),
    "ethic-09": ethical.limits,
}


def assess_items(evidence: TeamEvidence) -> tuple[ItemOutcome, ...]:
    """The outcome of every item, before anybody was heard on it."""
    return tuple(_outcome(item, assess(evidence)) for item, assess in ASSESS.items())


def _outcome(item: str, found: Found) -> ItemOutcome:
    return ItemOutcome(
        id=item, result=found.result, detail=found.detail, evidence=found.evidence
    )
