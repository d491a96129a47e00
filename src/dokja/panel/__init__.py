"""The panel: experts, their interests, recusals, assignment and rubric sheets."""

from dokja.panel.agree import agreement_report, panel_agreement
from dokja.panel.assignment import assign_experts
from dokja.panel.interests import (
    changed_interests,
    computed_recusals,
    find_interests,
    require_current,
    require_current_assignment,
)
from dokja.panel.plan import (
    needs_of_plan,
    parse_assignment,
    parse_panel,
    parse_plan,
    rules_of_plan,
)
from dokja.panel.recusal import (
    apply_interests,
    leave_out_sheets,
    panel_coverage,
    recusals,
)
from dokja.panel.sheets import (
    check_panel,
    panel_share,
    raised_concerns,
    sheet_share,
)
from dokja.panel.values import Panel, Recusal

__all__ = [
    "Panel",
    "Recusal",
    "agreement_report",
    "apply_interests",
    "assign_experts",
    "changed_interests",
    "check_panel",
    "computed_recusals",
    "find_interests",
    "leave_out_sheets",
    "needs_of_plan",
    "panel_agreement",
    "panel_coverage",
    "panel_share",
    "parse_assignment",
    "parse_panel",
    "parse_plan",
    "raised_concerns",
    "recusals",
    "require_current",
    "require_current_assignment",
    "rules_of_plan",
    "sheet_share",
]
