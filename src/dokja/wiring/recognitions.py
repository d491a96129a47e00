"""Facts of outsiders on the office's record."""

from __future__ import annotations

from dokja.errors import InvalidInput
from dokja.evidence.values import Act
from dokja.programme.matters import Mandate
from dokja.recognition import (
    RECOGNITION,
    Recognition,
    Recorded,
    recognition_act,
    recognition_matter,
    recognition_of,
)
from dokja.recognition.values import SCHEMA, RecognitionEvent, RecognitionFile
from dokja.wiring.matter_desk import MatterDesk, entries_read


def read_recognitions(desk: MatterDesk) -> tuple[Recognition, ...]:
    """Every fact as it stands, in the order in which they were recorded."""
    return tuple(
        recognition_of(recognition_matter(desk.programme, name), history)
        for name, history in desk.histories(RECOGNITION).items()
    )


def recognition_event(
    desk: MatterDesk,
    name: str,
    event: RecognitionEvent,
    *,
    seen: int | None,
    mandate: Mandate,
) -> Act:
    """The act of what happens to a fact. Raises: what `recognition_act` raises."""
    matter = recognition_matter(desk.programme, name)
    history = desk.history(matter)
    at = entries_read(seen, history)
    return recognition_act(matter, history, event, seen=at, mandate=mandate)


def load_recognitions(
    desk: MatterDesk, file: RecognitionFile, *, mandate: Mandate
) -> tuple[Act, ...]:
    """The acts that record every fact of the file that is not on record yet.

    Raises: InvalidInput for a file of another kind, and where a fact on record was
    recorded in other words.
    """
    if file.schema != SCHEMA:
        raise InvalidInput(
            f"the file is of the schema {file.schema!r}", remedy=f"write {SCHEMA!r}"
        )
    known = {each.id: each for each in read_recognitions(desk)}
    changed = [
        name
        for name, fact in file.facts.items()
        if name in known and fact not in (known[name].fact, *known[name].earlier)
    ]
    if changed:
        raise InvalidInput(
            f"{', '.join(changed)} stands on record in other words",
            remedy="correct it by an act: `dokja recognition correct`",
        )
    return tuple(
        recognition_event(desk, name, Recorded(fact=fact), seen=0, mandate=mandate)
        for name, fact in file.facts.items()
        if name not in known
    )
