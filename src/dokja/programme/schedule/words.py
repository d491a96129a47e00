"""Changes, stances and states of a schedule, as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.evidence.values import Text
from dokja.programme.schedule.values import (
    ChangeKind,
    ConsultationAbout,
    ConsultationState,
    Stance,
)

CHANGE_KINDS: Mapping[ChangeKind, Text] = {
    ChangeKind.ADDED: Text(ko="추가", en="added"),
    ChangeKind.MOVED: Text(ko="변경", en="moved"),
    ChangeKind.DROPPED: Text(ko="삭제", en="dropped"),
}
CONSULTATION_STATES: Mapping[ConsultationState, Text] = {
    ConsultationState.OPEN: Text(ko="진행 중", en="open"),
    ConsultationState.ADOPTED: Text(ko="채택", en="adopted"),
    ConsultationState.DROPPED: Text(ko="철회", en="dropped"),
}
STANCES: Mapping[Stance, Text] = {
    Stance.CONSENT: Text(ko="동의", en="consent"),
    Stance.DISSENT: Text(ko="부동의", en="dissent"),
    Stance.NO_VIEW: Text(ko="의견 없음", en="no view"),
}
ABOUT: Mapping[ConsultationAbout, Text] = {
    ConsultationAbout.SCHEDULE: Text(ko="일정", en="dates"),
    ConsultationAbout.RULES: Text(ko="규정", en="rules"),
}
