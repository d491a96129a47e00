"""The terms that the rules and a proposal lead to: cost share and obligations."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from dokja.call.agreements.values import AgreementTerms, CostShare, Obligation
from dokja.call.applications.state import ApplicationState
from dokja.call.rules import call_rules
from dokja.evidence.values import Text
from dokja.programme import Rulebook, Topic
from dokja.programme.call_rules import CallRules, FirmSize

SIZES = {
    FirmSize.LARGE: Text("대기업", "a large firm"),
    FirmSize.MIDSIZE: Text("중견기업", "a mid-size firm"),
    FirmSize.SMALL: Text("중소기업", "a small firm"),
    FirmSize.NONPROFIT: Text("비영리기관", "a non-profit body"),
}
NO_TABLE = Text(
    "규정집에 분담 비율표가 없어 비율을 정하지 않았습니다.",
    "The rulebook has no table of cost shares, so none is given.",
)


def terms_of(
    application: ApplicationState, rulebook: Rulebook, *, starts: date
) -> AgreementTerms:
    """The terms for a selected application, counted from the day of signing.

    Raises: NotAllowed where the rulebook says nothing of calls.
    """
    rules, proposal = call_rules(rulebook), application.proposal
    clause = ", ".join(rulebook.clause_numbers(Topic.CALL))
    return AgreementTerms(
        call=application.call,
        application=application.id,
        starts=starts,
        cost_share=cost_share(proposal.lead.size, proposal.open_share, rules),
        open_share=proposal.open_share,
        licence=proposal.licence,
        obligations=tuple(
            Obligation(
                id=rule.id,
                kind=rule.kind,
                name=rule.name,
                due=starts + timedelta(days=rule.due_days),
                clause=clause,
            )
            for rule in rules.obligations
        ),
    )


def cost_share(size: FirmSize, open_share: Decimal, rules: CallRules) -> CostShare:
    """The share by the size of the lead and the promised openness; None with a reason.

    Of the rows that hold, the one with the highest openness counts.
    """
    rows = [
        row
        for row in rules.cost_shares
        if row.size is size and row.open_from <= open_share
    ]
    if not rows:
        return CostShare(size=size, share=None, reason=NO_TABLE)
    row = max(rows, key=lambda each: each.open_from)
    words = SIZES[size]
    return CostShare(
        size=size,
        share=row.share,
        reason=Text(
            f"{words.ko}, 공개 비율 {open_share} 약속({row.open_from} 이상): "
            f"{row.share}",
            f"{words.en} that promises {open_share} openly ({row.open_from} or more): "
            f"{row.share}",
        ),
    )
