"""Acts of the programme on pages: one form for all of them, read from their structs."""

from dokja.web.acts.begun import begun_rows, begun_with, local_moment
from dokja.web.acts.fields import FieldKind, FieldWords, Words, fields_of
from dokja.web.acts.office_act import Asked, Choices, Nothing, OfficeAct, Preview
from dokja.web.acts.pages import ActLink, acts_room, links_to

__all__ = [
    "ActLink",
    "Asked",
    "Choices",
    "FieldKind",
    "FieldWords",
    "Nothing",
    "OfficeAct",
    "Preview",
    "Words",
    "acts_room",
    "begun_rows",
    "begun_with",
    "fields_of",
    "links_to",
    "local_moment",
]
