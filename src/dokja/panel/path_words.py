"""A path of ties in words that may be published: kinds, no names and no dates.

A last working day points at a person as surely as an employer does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dokja.evidence.values import Text
from dokja.panel.values import Tie
from dokja.programme.interest_rules import TieKind

NO_TIE = Text(
    ko="등록된 관계 가운데 해당 팀으로 이어지는 것이 없음",
    en="No registered tie leads to the team.",
)
DECLARED = Text(ko="위원이 직접 신고함", en="Declared by the expert.")
UNASSIGNED = Text(
    ko="해당 팀에 배정되지 않은 위원임",
    en="The expert is not assigned to the team.",
)
DECLARED_ONLY = Text(
    ko="위원이 직접 신고함. 등록된 관계에서는 확인되지 않음",
    en="Declared by the expert; no registered tie shows it.",
)

KINDS: Mapping[TieKind, Text] = {
    TieKind.EMPLOYMENT: Text(ko="고용", en="employment"),
    TieKind.ADVICE: Text(ko="자문", en="advice"),
    TieKind.HOLDING: Text(ko="지분 보유", en="a holding"),
    TieKind.FAMILY: Text(ko="가족 관계", en="family"),
    TieKind.COAUTHORSHIP: Text(ko="공동 저술", en="co-authorship"),
    TieKind.OWNERSHIP: Text(ko="기관 간 출자", en="ownership between organisations"),
    TieKind.CONSORTIUM: Text(ko="컨소시엄 참여", en="membership of the consortium"),
    TieKind.SUPPLY: Text(ko="공급 계약", en="a supply contract"),
    TieKind.DATA_DEAL: Text(ko="데이터 거래", en="a data deal"),
}


def path_words(path: Sequence[Tie]) -> Text:
    """The path from the expert to the team, tie by tie."""
    return Text(
        ko=" → ".join(_step_ko(tie) for tie in path),
        en=", then ".join(_step_en(tie) for tie in path),
    )


def _step_ko(tie: Tie) -> str:
    ended = "(종료, 제한 기간 이내)" if tie.until else ""
    return KINDS[tie.kind].ko + ended


def _step_en(tie: Tie) -> str:
    ended = " (ended, within the cooling-off)" if tie.until else ""
    return KINDS[tie.kind].en + ended
