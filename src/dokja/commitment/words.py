"""Statuses, reporters, rules and figures of a commitment, as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.commitment.assess import (
    ANSWERING,
    AVAILABILITY,
    COMMERCIAL,
    COUNT,
    DIFFERENCE,
    ENTRIES,
    FORMATS,
    P95,
)
from dokja.commitment.values import (
    CatalogueRule,
    CommitmentStatus,
    CountRule,
    EndpointRule,
    JudgedRule,
    LicenceRule,
    MeasuringRule,
    ReleaseRule,
    Reporter,
)
from dokja.evidence.values import Text

STATUSES: Mapping[CommitmentStatus, Text] = {
    CommitmentStatus.DUE: Text(ko="기한 전", en="due"),
    CommitmentStatus.MET: Text(ko="이행", en="met"),
    CommitmentStatus.MISSED: Text(ko="미이행", en="missed"),
    CommitmentStatus.UNDETERMINED: Text(ko="판단 보류", en="undetermined"),
    CommitmentStatus.WITHDRAWN: Text(ko="철회", en="withdrawn"),
}
STATUS_SAYS: Mapping[CommitmentStatus, Text] = {
    CommitmentStatus.DUE: Text(
        ko="기한이 아직 오지 않았거나, 팀이 기한을 알리지 않았습니다.",
        en="Its day has not come, or none was announced.",
    ),
    CommitmentStatus.MET: Text(
        ko="찾은 근거가 목표에 이르렀음을 보입니다.",
        en="What was found shows that the target was reached.",
    ),
    CommitmentStatus.MISSED: Text(
        ko="기한이 지났고, 찾은 근거가 목표에 이르지 못했음을 보입니다.",
        en="Its day has passed, and what was found shows that the target was not "
        "reached.",
    ),
    CommitmentStatus.UNDETERMINED: Text(
        ko="기한이 지났으나 이를 가릴 근거가 없습니다.",
        en="Its day has passed, and nothing on record settles it.",
    ),
    CommitmentStatus.WITHDRAWN: Text(
        ko="팀이 공개적으로 거둔 약속입니다.", en="The team took it back in public."
    ),
}
REPORTERS: Mapping[Reporter, Text] = {
    Reporter.PROBE: Text(ko="자동 점검", en="probe"),
    Reporter.TEAM: Text(ko="팀", en="team"),
    Reporter.OFFICE: Text(ko="사무국", en="office"),
    Reporter.OUTSIDER: Text(ko="외부인", en="outsider"),
}
FIGURES: Mapping[str, Text] = {
    AVAILABILITY: Text(ko="응답한 비율", en="share answered"),
    P95: Text(ko="응답 95%가 끝나는 시간(초)", en="seconds for 95 % of answers"),
    FORMATS: Text(ko="읽히는 형식의 수", en="formats that load"),
    DIFFERENCE: Text(
        ko="형식 사이 로그확률의 최대 차이",
        en="largest difference of a log-probability between formats",
    ),
    COMMERCIAL: Text(ko="상업적 이용 허용", en="commercial use permitted"),
    ENTRIES: Text(ko="명세가 있는 항목 수", en="entries with a manifest"),
    ANSWERING: Text(ko="응답한 항목의 비율", en="share of entries that answer"),
    COUNT: Text(ko="보고된 수", en="number reported"),
}


def rule_words(rule: MeasuringRule) -> Text:
    """How the commitment is measured, in a sentence."""
    match rule:
        case EndpointRule():
            seconds = f"{rule.p95_seconds:g}"
            return Text(
                f"요청의 {_percent(rule.availability)} 이상에 응답하고, 응답의 95%를 "
                f"{seconds}초 안에 마칩니다.",
                f"At least {_percent(rule.availability)} of the requests are answered, "
                f"and 95 % of the answers are whole within {seconds} s.",
            )
        case ReleaseRule():
            formats, most = ", ".join(rule.formats), f"{rule.tolerance:g}"
            return Text(
                f"공개한 파일이 모든 형식({formats})으로 읽히고, 형식 사이 로그확률의 "
                f"차이가 {most} 이하입니다.",
                f"The files load in every format ({formats}), and no log-probability "
                f"differs by more than {most} between two of them.",
            )
        case LicenceRule():
            return Text(
                "공개한 모델을 상업적으로 이용할 수 있습니다.",
                "The release may be used commercially.",
            )
        case CatalogueRule():
            return _of_catalogue(rule)
        case CountRule():
            least = f"{rule.at_least:,.15g}"
            return Text(
                f"출처가 있는 보고에 따른 수가 {least}{rule.unit} 이상입니다.",
                f"A number reported with its source reaches {least} {rule.unit}.",
            )
        case JudgedRule():
            return Text(
                "수치로 가릴 수 없어, 근거를 밝힌 사람의 판단에 따릅니다.",
                "No number settles it: people say so, with what it rests on.",
            )


def _of_catalogue(rule: CatalogueRule) -> Text:
    return Text(
        f"공개 목록에 명세가 있는 항목이 {rule.entries}개 이상 있고, 시험한 항목의 "
        f"{_percent(rule.answering)} 이상이 응답합니다.",
        f"A public list has at least {rule.entries} entries with a manifest, and "
        f"{_percent(rule.answering)} or more of those tried answer.",
    )


def _percent(share: float) -> str:
    return f"{share * 100:.6g}%"
