"""Calls: who may apply, who is selected under which clause, what was agreed."""

from dokja.call.applications.eligibility import (
    eligibility_checks,
    eligibility_of,
    find_eligibility,
    settle_eligibility,
)
from dokja.call.applications.state import application_file
from dokja.call.applications.submit import (
    amend_consortium,
    draft_application,
    revise_application,
    submit_application,
    withdraw_application,
)
from dokja.call.clarify import answer, ask, give_notice, mark_contradicting
from dokja.call.close_out import close_out_call, give_feedback
from dokja.call.conflicts import shown_conflicts
from dokja.call.move_up import move_up
from dokja.call.name_panel import name_panel
from dokja.call.open_call import (
    close_call,
    draft_call,
    extend_call,
    open_call,
    revise_call,
)
from dokja.call.overview import call_overview
from dokja.call.screen import begin_screening, screen_call
from dokja.call.select import decide_call, hold_presentation
from dokja.call.state import call_file

__all__ = [
    "amend_consortium",
    "answer",
    "application_file",
    "ask",
    "begin_screening",
    "call_file",
    "call_overview",
    "close_call",
    "close_out_call",
    "decide_call",
    "draft_application",
    "draft_call",
    "eligibility_checks",
    "eligibility_of",
    "extend_call",
    "find_eligibility",
    "give_feedback",
    "give_notice",
    "hold_presentation",
    "mark_contradicting",
    "move_up",
    "name_panel",
    "open_call",
    "revise_application",
    "revise_call",
    "screen_call",
    "settle_eligibility",
    "shown_conflicts",
    "submit_application",
    "withdraw_application",
]
