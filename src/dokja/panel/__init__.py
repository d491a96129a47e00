"""The panel: experts, their conflicts and their rubric sheets."""

from dokja.panel.sheets import check_panel, panel_share, recusals, sheet_share
from dokja.panel.values import Panel, Recusal

__all__ = [
    "Panel",
    "Recusal",
    "check_panel",
    "panel_share",
    "recusals",
    "sheet_share",
]
