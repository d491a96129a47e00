"""The experts' room: sheets, interests, the reading room, and the office's side."""

from dokja.web.pages import Room
from dokja.web.panel.conflict_pages import conflicts
from dokja.web.panel.office_pages import office_panel
from dokja.web.panel.reading_pages import reading
from dokja.web.panel.sheet_pages import sheets
from dokja.web.panel.task_pages import tasks

panel = Room.joined(tasks, conflicts, reading, sheets, office_panel)

__all__ = ["panel"]
