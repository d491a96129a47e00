"""An act of the programme that somebody takes on a page: its words and what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgspec

from dokja.evidence.values import Act, Text
from dokja.people.permissions import Permission
from dokja.programme import Topic
from dokja.programme.matters import Mandate
from dokja.web.acts.fields import FormField, Words, fields_of
from dokja.wiring.matter_desk import entries_read
from dokja.wiring.office import Office

Choices = Mapping[str, Mapping[str, Text]]
"""By the path of a field: values that can be chosen, in words."""


class Nothing(msgspec.Struct, frozen=True, kw_only=True):
    """What an act asks for that needs no more than a decision to take it."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an act is made from, once somebody has confirmed it."""

    of: str
    """Id of the matter, as the page that led here named it; empty where a new one
    begins."""
    event: Any
    """What was filled in: an instance of the act's `asks`."""
    seen: int | None
    """Entries that were shown with the form; None where the matter had none."""
    mandate: Mandate

    def read(self, history: Sequence[Act]) -> int:
        """Entries of the matter that whoever acts has read: as shown, else all."""
        return entries_read(self.seen, history)


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What would follow from an act: values, and the template that shows them."""

    template: str
    """Shows the values under the name `shown`."""
    view: Any
    can_be_filed: bool = True


@dataclass(frozen=True, kw_only=True)
class OfficeAct:
    """One act of the office or of a team, as pages offer it."""

    name: Text
    does: Text
    """What it does and what follows, in a sentence or two."""
    make: Callable[[Office, Asked], Act | Sequence[Act]]
    """The acts to be filed. Raises: what the stage's act raises."""
    back: Callable[[str], str]
    """Address of the page the matter is shown on, by its id."""
    topics: tuple[Topic, ...] = ()
    """What clauses govern that it can be taken under; empty for any clause."""
    asks: type[msgspec.Struct] = Nothing
    words: Words = field(default_factory=dict)
    """What its fields are called."""
    entries: Callable[[Office, str], int] | None = None
    """How many entries the matter has; the form remembers them, so that whoever acts
    on what has changed meanwhile meets a conflict."""
    starts_with: Callable[[Office, str], dict[str, str]] | None = None
    """What stands in the fields to begin with, by their path."""
    choices: Callable[[Office, str], Choices] | None = None
    """What can be chosen in a field as the record stands, by the field's path."""
    preview: Callable[[Office, Asked], Preview] | None = None
    """What would follow, where that is computed: it is shown before the act can be
    confirmed, and what is filed is what was shown."""
    permission: Permission = Permission.RUN_PROGRAMME
    whose: Callable[[str], str] | None = None
    """Whose thing the matter is, by its id: a permission that reaches one's own
    only shows and takes nothing of anybody else's."""
    asks_reason: bool = False
    is_final: bool = True
    """Whether no later act takes it back."""

    @cached_property
    def fields(self) -> tuple[FormField, ...]:
        """What its form asks for."""
        return fields_of(self.asks, self.words)
