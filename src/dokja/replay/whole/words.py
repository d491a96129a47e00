"""What the steps of a replay say, in Korean and English."""

from __future__ import annotations

from dokja.evidence.values import Text


def filled(template: Text, **values: object) -> Text:
    """The template in both languages; a value that is a text gives its own words."""
    return Text(
        ko=template.ko.format(**{k: _side(v, "ko") for k, v in values.items()}),
        en=template.en.format(**{k: _side(v, "en") for k, v in values.items()}),
    )


def _side(value: object, lang: str) -> object:
    return getattr(value, lang) if isinstance(value, Text) else value


OPENED = Text(
    ko="선정 자리 {slots}개의 공모로 공고되며, {closes}부터는 신청을 받지 아니한다.",
    en="Announced as a call for {slots} place(s); nothing is taken from {closes} on.",
)
NOT_OPENED = Text(
    ko="이 규정 아래에서는 공고할 수 없다.",
    en="Cannot be announced under these rules.",
)
CLOSES_ELSEWHERE = Text(
    ko="공고한 때에 마감되지 아니한다.",
    en="It does not close when it was announced to.",
)
NOTICE = Text(
    ko="안내가 판 번호와 함께 기록되며, 공고의 정의와 어긋나지 않는다.",
    en="The notice enters the record as a version of its own and agrees with the "
    "definition.",
)
CONTRADICTS = Text(
    ko="답변은 말한 그대로 남고 공고와 다르다는 표시가 붙으며 공고의 정의가 우선한다. "
    "{against}",
    en="The answer stays as it was said, marked as differing from the call, whose "
    "definition holds. {against}",
)
NO_POINTS = Text(
    ko="항목별 배점이 없는 공모는 공고할 수 없다. 배점이 공개되지 않았으므로 항목이 "
    "어떻게 점수가 되었는지는 알 수 없다.",
    en="A call whose criteria have no points cannot be announced. No points were "
    "published, so how the criteria became a score stays unknown.",
)
COUNTED = Text(
    ko="이름이 공개된 주관기관은 {named}곳이고 발표된 수는 {counted}이다.",
    en="{named} leads are named, and {counted} were counted.",
)
NO_PROPOSAL = Text(
    ko="신청을 받는 행위에는 참여기관의 규모와 역할, 수행 실적, 공개 비율, 라이선스, "
    "제출 파일이 필요하다. 공개되지 않아 자격 확인과 계보 비교도 할 수 없다.",
    en="Handing in needs sizes and parts of the members, earlier work, the promised "
    "share, the licence and the files. None was published, so eligibility and lineage "
    "cannot be looked at either.",
)
LEFT = Text(
    ko="{before}개 가운데 {kept}개가 남고 {out}개가 빠졌다. 공모에서 정한 수는 "
    "{most}개이다.",
    en="Of {before}, {kept} were left and {out} were not; the call allows {most}.",
)
NO_PANEL = Text(
    ko="순서를 정하는 행위에는 평가위원과 그 평가표가 필요하다. 공개되지 않아 이 "
    "결과가 어떻게 나왔는지는 다시 계산하지 아니한다.",
    en="The act that orders them needs a panel with its sheets. None was published, "
    "so nothing recomputes how this result came about.",
)
NO_VOTES = Text(
    ko="선정하는 행위에는 평가위원과 그 평가표, 과반을 보이는 표결이 필요하다. "
    "공개되지 않아 이 결과가 어떻게 나왔는지는 다시 계산하지 아니한다.",
    en="The act that selects needs a panel with its sheets, and votes that show a "
    "majority. None was published, so nothing recomputes how this result came about.",
)
FIRST_VERSION = Text(
    ko="일정의 첫 판이 된다.",
    en="Becomes the first version of the dates.",
)
NEXT_VERSION = Text(
    ko="일정 {number}판이 된다. {changes}. 사유: {reason}.",
    en="Becomes version {number} of the dates. {changes}. Reason: {reason}.",
)
VERSION_REFUSED = Text(
    ko="사유가 공개되지 않은 변경이므로 받지 아니한다. {changes}.",
    en="Not taken, since no reason was published for the change. {changes}.",
)
PARTS_DIFFER = Text(
    ko="구성 항목의 합 {parts:,}원이 총액 {krw:,}원과 달라 등록되지 아니한다.",
    en="Its parts sum to ₩{parts:,} and the figure is ₩{krw:,}, so the register does "
    "not take it.",
)
AMOUNTS_DIFFER = Text(
    ko="같은 금액에 관하여 앞서 공개된 수치({others})와 다르다. 어느 것도 지우지 않고 "
    "나란히 둔다.",
    en="Differs from what was published before ({others}). None is overwritten; they "
    "stand side by side.",
)
PARTS_SUM = Text(
    ko="구성 항목의 합이 총액과 같아 그대로 등록된다.",
    en="Its parts sum to the figure, and the register takes it.",
)
REGISTERED = Text(
    ko="출처와 날짜와 함께 등록된다.",
    en="Registered with its page and date.",
)
POOL = Text(
    ko="{gpu_type} {count:,}장이 등록되며, 배정 단위 {node}장의 배수이다.",
    en="{count:,} {gpu_type} are registered, in whole nodes of {node}.",
)
POOL_UNCOUNTED = Text(
    ko="{gpu_type} 1장을 얼마로 볼지 정한 규정이 없어 등록할 수 없다. 환산 기준은 "
    "추정하지 아니한다.",
    en="No rule says what one {gpu_type} counts as, so the pool cannot be registered. "
    "An equivalence is not guessed.",
)
LESSOR = Text(
    ko="임대하는 동안 {team} 팀에 GPU를 배정하는 행위는 받아들여지지 않는다.",
    en="Giving GPUs to the team of {team} while it leases them out is refused.",
)
LESSOR_WHATEVER = Text(
    ko="임대하는 동안 {team} 팀에 GPU를 배정하는 행위는 {gpu_type}의 환산 기준이 "
    "어떠하든 받아들여지지 않는다.",
    en="Giving GPUs to the team of {team} while it leases them out is refused, "
    "whatever one {gpu_type} counts as.",
)
MOST_EQUAL = Text(
    ko="이름이 나온 팀에 가장 고르게 나누면 {gpus}장이다.",
    en="The most equal allocation to the teams named gives {gpus}.",
)
UNITS_EQUAL = Text(
    ko="{unit}으로 환산하면 {units}장으로 모두 같다.",
    en="Counted as {unit} they are {units}: all equal.",
)
UNITS_DIFFER = Text(
    ko="{unit}으로 환산하면 {units}장으로 서로 다르다.",
    en="Counted as {unit} they are {units}, which differ.",
)
BEYOND_POOL = Text(
    ko="{gpu_type} {total:,}장은 임차한 {count:,}장을 넘으므로 다른 GPU가 더 있어야 "
    "한다. 어디에서 왔는지는 공개되지 않았다.",
    en="{total:,} {gpu_type} exceed the {count:,} that were leased, so there must be "
    "further ones. Where they come from was not published.",
)
INCIDENT = Text(
    ko="장애를 여는 행위에는 시작한 때가, 보상하는 행위에는 날마다의 가동량과 "
    "처리량이 필요하다. 손실은 추정하지 아니하므로 팀별 보상 시간은 알 수 없다.",
    en="Opening an incident needs the moment it began, making up for it the usable "
    "GPUs and the throughput of each day. A loss is not estimated, so what each team "
    "was due stays unknown.",
)
EQUAL_TIME = Text(
    ko="기간을 비교하려면 팀마다 시작과 끝의 때와 제공된 GPU시간이 필요하다. 달만 "
    "공개되었고 보도가 서로 달라 같은 기간이었는지는 알 수 없다.",
    en="Comparing them needs the moments at which each team begins and ends, and "
    "delivered GPU-hours. Only months were published and pages differ, so whether the "
    "time was equal stays unknown.",
)
LATE_RULE = Text(
    ko="동결 뒤에 더해진 벤치마크로는 단계를 진행하지 아니한다. 사유와 참가팀의 "
    "동의를 적은 예외가 기록되어야 한다.",
    en="A stage does not run under benchmarks added after the freeze. An exception "
    "with its reason and the consent of the teams has to be on record.",
)
DECIDED = Text(
    ko="같은 결정에 이른다. 공개된 사실 {facts}건 가운데 {held}건이 다시 계산한 값과 "
    "맞고, 공개되지 않은 점수를 역할 기호로 {drawn}번 채워도 결정이 같다.",
    en="The same decision follows. {held} of {facts} published facts agree with what "
    "is recomputed, and filling in the unpublished scores {drawn} times, under role "
    "labels, never changes it.",
)
MORE_OUT = Text(
    ko="순위 선발만 있는 규정에서는 {by_rank}팀이, 독자성 분석이 함께 있는 규정에서는 "
    "{left}팀이 탈락한다. Dokja에서는 둘 다 단계 전에 동결된 규정에 있어야 하며, "
    "규정집의 모의 시험이 이 경우를 미리 보여 준다.",
    en="With a rank cut alone {by_rank} team leaves, with the independence analysis "
    "beside it {left}. With Dokja both have to stand in the rules frozen before the "
    "stage, and the rehearsal of a rulebook shows this case beforehand.",
)
OBJECTIONS = Text(
    ko="{until}이 지나기 전에는 모든 팀이 이의가 없다고 밝힌 때에만 확정할 수 있고, "
    "그렇지 않으면 {after}부터이다. 팀별 의사도 조기 확정 문서도 공개되지 않아 어느 "
    "경우였는지는 알 수 없다.",
    en="Before {until} has passed the decision becomes final only where every team "
    "declares not to object; otherwise from {after} on. Neither declarations nor a "
    "document of the closure were published, so which case it was stays unknown.",
)
VACANCY = Text(
    ko="빈자리 {places}. 빈자리에 관한 규정이 없으면 추가 공모는 받아들여지지 않고, "
    "결과와 함께 공개된 규정 아래에서는 받아들여진다. Dokja에서는 이 규정이 단계 전에 "
    "동결되어 있어야 한다.",
    en="Empty places: {places}. Without a rule on them the call is refused; under the "
    "rule that was published with the result it is taken. With Dokja that rule has to "
    "be frozen before the stage.",
)
QUORUM = Text(
    ko="규정집에 같은 내용이 있다. 절반을 넘는 찬성이 있어야 하고, 아무도 선정하지 "
    "아니할 수 있다. 누구의 과반인지는 공개되지 않아 우리의 해석이다.",
    en="The rulebook holds the same: more than half in favour, and nobody selected is "
    "legal. Of whom it is half was not published and is our reading.",
)
ACTIVE = Text(
    ko="진출한 팀과 빈자리를 채운 팀을 합하면 {teams}팀이다.",
    en="Who advanced and who took the empty place make {teams} teams.",
)
NOT_ACTIVE = Text(
    ko="누가 다음 단계에 참여하는지 정할 수 없다.",
    en="Who goes on cannot be said.",
)
NO_RESULT = Text(
    ko="평가 결과가 없으므로 결정하지 아니한다.",
    en="There is no result to decide on, so nothing is decided.",
)
ONE_POINT = Text(
    ko="항목별 배점이 공개되지 않아 항목마다 1점으로 두었다. 이 배점으로 매긴 점수는 "
    "없다.",
    en="No points were published, so each criterion stands for one; nothing is scored "
    "with them.",
)
ONE_CRITERION = Text(
    ko="심사 항목이 공개되지 않은 심사는 항목 하나로 두었다.",
    en="A review whose criteria were not published stands with a single one.",
)
NO_REASON = Text(
    ko="사유가 공개되지 않음",
    en="no reason was published",
)
STOOD_IN = Text(
    ko="뒤의 날짜와 비교하기 위해 '사유가 공개되지 않음'을 사유로 적어 메모리에서만 "
    "이어 갔다.",
    en="To compare later dates, the version was kept in memory under the reason 'no "
    "reason was published'.",
)
FIRST_OF_MONTH = Text(
    ko="날이 확인되지 않은 글은 그 달의 첫날로 적었다.",
    en="A page of which only the month is known stands under its first day.",
)
AS_PROMISED = Text(
    ko="약속된 처리량이 공개되지 않아 '약속의 1배'로 두었다.",
    en="The promised throughput was not published and stands as one times the promise.",
)
WITHOUT_INDIVIDUAL = Text(
    ko="동결된 규정이 공개되지 않아, 개별 벤치마크만 뺀 현재 규정을 메모리에서 대신 "
    "썼다.",
    en="No frozen rules were published; the present ones without the individual "
    "benchmarks stand in for them, in memory.",
)
DECLARED = Text(
    ko="이어지는 행위를 보이기 위해, 모든 팀이 이의가 없다고 밝힌 경우를 메모리에서 "
    "역할 기호로 가정하였다. 그러한 문서는 확인되지 않는다.",
    en="To show what follows, every team is assumed to have declared not to object, "
    "in memory and under role labels. No such document was found.",
)
WHOLE_DAYS = Text(
    ko="시각이 공개되지 않은 날은 한국 시각 0시부터 24시까지로 본다.",
    en="A day without a published hour counts from midnight to midnight in Korea.",
)
WHOLE_MONTHS = Text(
    ko="날이 공개되지 않은 때는 그 달이나 해의 첫날부터 마지막 날까지로 본다.",
    en="A month or year without a published day counts from its first to its last day.",
)
PROPOSALS_TITLE = Text(
    ko="신청서의 내용",
    en="What the applications said",
)
PROPOSALS = Text(
    ko="신청서의 내용은 공개되지 않았다.",
    en="What the applications said was not published.",
)
PANEL_TITLE = Text(
    ko="{review} — 평가표",
    en="{review} — the sheets",
)
PANEL = Text(
    ko="평가위원 명단과 평가표는 공개되지 않았다.",
    en="Neither the panel nor its sheets were published.",
)
POOL_TITLE = Text(
    ko="{gpu_type} {total:,}장의 출처",
    en="Where {total:,} {gpu_type} come from",
)
POOL_OPEN = Text(
    ko="어느 자원에서 배정하였는지는 공개되지 않았다.",
    en="Out of which pool they were given was not published.",
)
DECISION_TITLE = Text(
    ko="1차 단계평가의 결정",
    en="Decision of the first stage",
)
DECISION = Text(
    ko="진출 {advances}. 순위에 따른 탈락 {rank}. 독자성 분석에 따른 탈락 {gate}.",
    en="{advances} advance; {rank} leaves by rank, {gate} by the independence "
    "analysis.",
)
