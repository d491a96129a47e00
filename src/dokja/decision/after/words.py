"""States of what follows a decision, as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.decision.after.values import ObjectionState, PlaceState
from dokja.evidence.values import Text

OBJECTION_STATES: Mapping[ObjectionState, Text] = {
    ObjectionState.FILED: Text(ko="접수", en="filed"),
    ObjectionState.INADMISSIBLE: Text(ko="각하", en="not admitted"),
    ObjectionState.REVIEWING: Text(ko="심사 중", en="under review"),
    ObjectionState.UPHELD: Text(ko="인용", en="upheld"),
    ObjectionState.DISMISSED: Text(ko="기각", en="dismissed"),
}
PLACE_STATES: Mapping[PlaceState, Text] = {
    PlaceState.OPEN: Text(ko="미정", en="open"),
    PlaceState.REVIVAL_CALL: Text(ko="추가 공모 중", en="revival call held"),
    PlaceState.FILLED: Text(ko="충원됨", en="filled"),
    PlaceState.LEFT_EMPTY: Text(ko="충원하지 않음", en="left empty"),
}
