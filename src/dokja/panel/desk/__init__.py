"""The expert's desk: tasks, sheets, conflicts and concerns, and the closing."""

from dokja.panel.desk.closing import PanelOffice
from dokja.panel.desk.fields import body_of, read_fields
from dokja.panel.desk.panel_desk import PanelDesk
from dokja.panel.desk.values import (
    FieldProblem,
    HandedIn,
    HandIn,
    OpenSheet,
    OwnConcern,
    PanelSetup,
    PanelStatus,
    SheetName,
    SheetTask,
    TaskState,
)

__all__ = [
    "FieldProblem",
    "HandIn",
    "HandedIn",
    "OpenSheet",
    "OwnConcern",
    "PanelDesk",
    "PanelOffice",
    "PanelSetup",
    "PanelStatus",
    "SheetName",
    "SheetTask",
    "TaskState",
    "body_of",
    "read_fields",
]
