"""A revival call and its places on a real record: together, and once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from dokja.call.open_call import draft_call
from dokja.call.state import CALL
from dokja.call.values import CallPhase
from dokja.decision.after.values import PlaceState
from dokja.errors import Conflict, NotAllowed
from dokja.evidence.values import Act
from dokja.settings import read_settings
from dokja.wiring.after_decision import desk_of_office, stage_places
from dokja.wiring.calls import CallRoom
from dokja.wiring.office import Office, OfficeRequest, open_office
from dokja.wiring.revivals import open_revival
from tests.after_fixture import confirmation_act, decision_act
from tests.call_fixture import BEFORE, by, call_text


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The example's office with a decision that left a place, and two drafted calls."""
    request = OfficeRequest(
        programme="example", stage="stage-1", work=tmp_path_factory.mktemp("office")
    )

    def clock() -> datetime:
        return datetime.fromisoformat(BEFORE)

    with open_office(request, settings=read_settings({}), clock=clock) as found:
        room = CallRoom(desk=desk_of_office(found))
        rules, text = found.rulebook, call_text(kind="revival", slots=1)
        drafts = [
            draft_call(
                room.matter(CALL, name), text, rulebook=rules, mandate=by(BEFORE)
            )
            for name in ("c1", "c2")
        ]
        found.store.acts.append([decision_act("2031-02-09"), *drafts])
        yield found


def opened(office: Office, name: str) -> tuple[Act, ...]:
    """The acts by which the call would open."""
    room = CallRoom(desk=desk_of_office(office))
    return open_revival(office, room.call(name), seen=1, mandate=by(BEFORE))


def test_of_two_calls_for_one_place_the_record_takes_one_whole(office: Office) -> None:
    """Nothing of the other stands: neither that it opened nor that it was named."""
    with pytest.raises(NotAllowed, match="not final"):
        opened(office, "c1")
    decided = decision_act("2031-02-09")
    final = confirmation_act(decided, "2031-02-10T09:00:00+09:00")
    office.store.acts.append([final])
    first, second = opened(office, "c1"), opened(office, "c2")
    assert [act.kind for act in first] == ["call", "vacancy"]
    desk = desk_of_office(office)
    desk.file(first)
    with pytest.raises(Conflict):
        desk.file(second)
    places = stage_places(office).places
    assert (places.state, places.call) == (PlaceState.REVIVAL_CALL, "c1")
    room = CallRoom(desk=desk)
    phases = [room.call(name).state.phase for name in ("c1", "c2")]
    assert phases == [CallPhase.OPEN, CallPhase.DRAFT]
    vacancy = room.call("c1").state.vacancy
    assert vacancy is not None
    assert (vacancy.stage, vacancy.at) == ("stage-1", final.at)
    with pytest.raises(NotAllowed, match="c1 was called"):
        opened(office, "c2")
