"""What the office and a team read of a fault; voters read none of it."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.contest.served.endpoint_faults import EndpointState
from dokja.contest.served.values import FaultReason
from dokja.evidence.values import Text

REASONS: Mapping[FaultReason, Text] = {
    FaultReason.UNREACHABLE: Text(
        ko="서버에 연결되지 않음", en="the server cannot be reached"
    ),
    FaultReason.SLOW: Text(
        ko="정해진 시간 안에 답하지 않음", en="no answer within the time allowed"
    ),
    FaultReason.REFUSED: Text(ko="요청을 거부함", en="the request was refused"),
    FaultReason.RATE_LIMITED: Text(
        ko="요청이 많다고 거절함", en="refused for too many requests"
    ),
    FaultReason.SERVER_ERROR: Text(
        ko="서버가 자체 오류를 알림", en="the server reported an error of its own"
    ),
    FaultReason.MALFORMED: Text(
        ko="응답 형식이 규약과 다름", en="the response breaks the protocol"
    ),
    FaultReason.TOO_LONG: Text(
        ko="답변이 허용 길이를 넘음", en="the answer exceeds the length allowed"
    ),
    FaultReason.CUT_OFF: Text(
        ko="답변이 도중에 끊김", en="the answer broke off before its end"
    ),
    FaultReason.BREAKER_OPEN: Text(
        ko="연속 장애로 요청을 잠시 멈춤",
        en="not asked for a while after faults in a row",
    ),
}

STATES: Mapping[EndpointState, Text] = {
    EndpointState.IN_SERVICE: Text(ko="정상", en="in service"),
    EndpointState.FAULTY: Text(ko="장애 있음(한도 이내)", en="faults within the quota"),
    EndpointState.REFER: Text(ko="사무국 판단 필요", en="for the office to decide"),
}
