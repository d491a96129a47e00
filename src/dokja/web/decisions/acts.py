"""Acts after a decision, as pages offer them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from dokja.decision.after import confirmation_matter, vacancy_matter
from dokja.decision.after.values import (
    Admitted,
    NotAdmitted,
    ObjectionDismissed,
    ObjectionUpheld,
    PlaceFilled,
    PlacesLeftEmpty,
    RevivalCalled,
    TeamWithdrawn,
)
from dokja.evidence.values import Act, Text
from dokja.people import Permission
from dokja.people.values import Role
from dokja.programme import Topic
from dokja.programme.schedule.values import Id
from dokja.web.acts import Asked, FieldKind, FieldWords, OfficeAct
from dokja.wiring.after_decision import (
    act_on_places,
    confirm_decision,
    decided_stage,
    desk_of_office,
    handle_objection,
    waive_objection,
    withdraw_team,
)
from dokja.wiring.office import Office
from dokja.wiring.stage_order import end_programme, name_next_stage

PAGE = "/decisions"
OBJECTION = (Topic.OBJECTION,)
PLACES = (Topic.VACANCY, Topic.REVIVAL)
_REASON = FieldWords(
    name=Text(ko="사유", en="Reason"),
    hint=Text(
        ko="팀에 그대로 알립니다. 사람 이름은 적지 마십시오.",
        en="The team reads it as it stands; name no person.",
    ),
)

_REVIEWERS = FieldWords(
    name=Text(ko="심사자(가명, 한 줄에 한 명)", en="Reviewers, a pseudonym a line"),
    hint=Text(
        ko="사무국 계정의 가명을 모두 적어 두었습니다. 본인과 결정에 관여한 사람은 "
        "지우십시오. 본인의 가명은 ‘내 정보’에서 볼 수 있습니다.",
        en="Every officer's pseudonym stands here. Take off your own, which stands "
        "under My data, and those who took part in the decision.",
    ),
)
_CORRECTED = FieldWords(
    name=Text(ko="효력을 갖는 결정의 다이제스트", en="Digest of the decision"),
    hint=Text(
        ko="지금 결정의 값이 적혀 있습니다. 결정은 그대로이고 사유나 수치만 바로잡을 "
        "때는 그대로 두십시오.",
        en="That of the decision that stands now; leave it where only reasons or "
        "figures beside the decision change.",
    ),
)


class FollowingStage(msgspec.Struct, frozen=True, kw_only=True):
    """The stage that follows, and when its teams develop."""

    stage: Id
    begins: str
    ends: str


def _back(_: str) -> str:
    return PAGE


def _handled(office: Office, asked: Asked) -> Act:
    return handle_objection(
        office, asked.of, asked.event, seen=asked.seen, mandate=asked.mandate
    )


def _entries_of_objection(office: Office, name: str) -> int:
    found = (o for o in decided_stage(office).objections if o.id == name)
    return next((each.entries for each in found), 0)


def _on_places(office: Office, asked: Asked) -> Act:
    return act_on_places(office, asked.event, seen=asked.seen, mandate=asked.mandate)


def _entries_of_places(office: Office, _: str) -> int:
    plan = office.plan
    return len(
        desk_of_office(office).history(vacancy_matter(plan.programme, plan.stage))
    )


def _entries_of_confirmation(office: Office, _: str) -> int:
    plan = office.plan
    matter = confirmation_matter(plan.programme, plan.stage)
    return len(desk_of_office(office).history(matter))


def _officers(office: Office, _: str) -> dict[str, str]:
    """Every officer's pseudonym: whoever does not review is taken off the list."""
    found = office.desk.people.accounts()
    names = [each.pseudonym for each in found if each.role is Role.OFFICE]
    return {"reviewers": "\n".join(names)}


def _standing_digest(office: Office, _: str) -> dict[str, str]:
    return {"corrected": decided_stage(office).digest}


def _on_objection(
    name: Text,
    does: Text,
    asks: type[msgspec.Struct],
    *,
    words: Mapping[str, FieldWords] = {},
    starts_with: Callable[[Office, str], dict[str, str]] | None = None,
) -> OfficeAct:
    return OfficeAct(
        name=name,
        does=does,
        asks=asks,
        words={"reason": _REASON, **words},
        make=_handled,
        back=_back,
        topics=OBJECTION,
        entries=_entries_of_objection,
        starts_with=starts_with,
    )


_ADMIT = _on_objection(
    Text(ko="심사 개시", en="Admit the objection"),
    Text(
        ko="이의제기를 받아들여 심사를 시작합니다. 결정과 접수에 관여하지 않은 사람이 "
        "심사하며, 그 사람만 인용하거나 기각할 수 있습니다.",
        en="The objection is looked into, by people who took no part in the decision "
        "and did not admit it; they alone can uphold or dismiss it.",
    ),
    Admitted,
    words={"reviewers": _REVIEWERS},
    starts_with=_officers,
)
_REFUSE = _on_objection(
    Text(ko="각하", en="Do not admit it"),
    Text(
        ko="이의제기를 심사하지 않고 마칩니다. 사유를 팀에 알립니다.",
        en="The objection is closed without being looked into. The reason goes to the "
        "team.",
    ),
    NotAdmitted,
)
_UPHOLD = _on_objection(
    Text(ko="인용", en="Uphold the objection"),
    Text(
        ko="이의제기가 옳다고 판단합니다. 아래 다이제스트의 결정이 처음 결정을 "
        "대신합니다. "
        "결정을 바꾸려면 바로잡은 증거로 단계평가를 다시 실행해 묶음을 먼저 공개해야 "
        "합니다.",
        en="The objection is right. The decision of the digest below stands from now "
        "on; to change it, the stage is run on the corrected evidence and its bundle "
        "published first.",
    ),
    ObjectionUpheld,
    words={"corrected": _CORRECTED},
    starts_with=_standing_digest,
)
_DISMISS = _on_objection(
    Text(ko="기각", en="Dismiss the objection"),
    Text(
        ko="심사한 결과 결정을 바꿀 이유가 없다고 판단합니다. 사유를 팀에 알립니다.",
        en="It was looked into and changes nothing. The reason goes to the team.",
    ),
    ObjectionDismissed,
)

OBJECTION_ACTS: Mapping[str, OfficeAct] = {
    "objection-admit": _ADMIT,
    "objection-refuse": _REFUSE,
    "objection-uphold": _UPHOLD,
    "objection-dismiss": _DISMISS,
}
TEAM_ACTS: Mapping[str, OfficeAct] = {
    "objection-waive": OfficeAct(
        name=Text(ko="이의 없음 확인", en="Declare that you do not object"),
        does=Text(
            ko="이 결정에 이의를 제기하지 않겠다고 밝힙니다. 모든 팀이 의사를 밝히면 "
            "기간이 끝나기 전에 결정이 확정될 수 있습니다. 밝히지 않아도 불이익은 "
            "없습니다.",
            en="Your team says that it does not object to this decision. Once every "
            "team was heard, it may become final before the last day. Nothing is held "
            "against a team that does not say so.",
        ),
        make=lambda office, asked: waive_objection(
            office, asked.mandate.by, mandate=asked.mandate
        ),
        back=_back,
        topics=OBJECTION,
        permission=Permission.ACT_FOR_TEAM,
    ),
    "team-withdraw": OfficeAct(
        name=Text(ko="참여 종료", en="Leave the programme"),
        does=Text(
            ko="팀의 뜻에 따라 사업 참여를 마칩니다. 사유를 묻지 않으며, 공개 화면에는 "
            "참여를 마쳤다는 사실과 아래에 적은 말만 실립니다. 다음 공모에 다시 "
            "신청할 수 있습니다.",
            en="Your team leaves of its own accord. No reason is asked; the public "
            "reads that it left, and what you write below. It may apply again.",
        ),
        asks=TeamWithdrawn,
        words={
            "statement": FieldWords(
                name=Text(ko="함께 공개할 말", en="What you want said"),
                hint=Text(
                    ko="비워 두어도 됩니다.",
                    en="It can be left empty; nothing is asked.",
                ),
            )
        },
        make=lambda office, asked: withdraw_team(
            office, asked.event, mandate=asked.mandate
        ),
        back=_back,
        topics=(Topic.WITHDRAWAL,),
        permission=Permission.ACT_FOR_TEAM,
    ),
}
_FOLLOWING_WORDS = {
    "stage": FieldWords(
        name=Text(ko="다음 단계의 이름", en="Id of the next stage"),
        hint=Text(ko="예: stage-2", en="Such as stage-2."),
    ),
    "begins": FieldWords(
        name=Text(ko="개발 시작", en="Development begins"),
        hint=Text(ko="진출한 팀의 시작입니다.", en="For the teams that advanced."),
        kind=FieldKind.MOMENT,
    ),
    "ends": FieldWords(
        name=Text(ko="개발 마감", en="Development ends"), kind=FieldKind.MOMENT
    ),
}
_CALL = FieldWords(
    name=Text(ko="추가 공모의 이름", en="Id of the call"),
    hint=Text(
        ko="공모 화면에서 연 추가 공모의 이름입니다. 예: revival-2026",
        en="As it was opened on the page of calls, such as revival-2026.",
    ),
)
_TEAM = FieldWords(
    name=Text(ko="팀", en="Team"), hint=Text(ko="예: haneul", en="Such as haneul.")
)
_APPLICATION = FieldWords(
    name=Text(ko="선정된 신청서의 이름", en="Id of its application"),
    hint=Text(
        ko="추가 공모에서 선정된 신청서입니다. 예: a01",
        en="The one selected in the revival call, such as a01.",
    ),
)
OFFICE_ACTS: Mapping[str, OfficeAct] = {
    "decision-confirm": OfficeAct(
        name=Text(ko="결정 확정", en="Make the decision final"),
        does=Text(
            ko="이의제기를 모두 처리했고 기간이 끝났거나 모든 팀이 의사를 밝힌 경우 "
            "결정을 "
            "확정합니다. 확정한 뒤에만 빈자리를 위한 추가 공모를 열 수 있습니다.",
            en="The decision becomes final, once every objection is answered and the "
            "days are over or every team was heard. Only then can a revival call open.",
        ),
        make=lambda office, asked: confirm_decision(
            office, seen=asked.seen, mandate=asked.mandate
        ),
        back=_back,
        topics=OBJECTION,
        entries=_entries_of_confirmation,
    ),
    "places-call": OfficeAct(
        name=Text(ko="추가 공모 연결", en="Name the revival call"),
        does=Text(
            ko="다른 곳에서 여는 추가 공모를 적습니다. 이 누리집에서 여는 공모는 "
            "공고할 때 "
            "함께 기록됩니다.",
            en="For a call that is held elsewhere; one that is opened on this site "
            "names "
            "itself for the places when it opens.",
        ),
        asks=RevivalCalled,
        words={"call": _CALL},
        make=_on_places,
        back=_back,
        topics=PLACES,
        entries=_entries_of_places,
    ),
    "places-fill": OfficeAct(
        name=Text(ko="빈자리 충원", en="Fill a place"),
        does=Text(
            ko="추가 공모에서 선정된 팀에 빈자리를 줍니다. 다음 단계부터 참여합니다.",
            en="A team selected in the revival call takes a place; it takes part from "
            "the next stage on.",
        ),
        asks=PlaceFilled,
        words={"team": _TEAM, "application": _APPLICATION},
        make=_on_places,
        back=_back,
        topics=PLACES,
        entries=_entries_of_places,
    ),
    "places-leave": OfficeAct(
        name=Text(ko="충원하지 않음", en="Leave the places empty"),
        does=Text(
            ko="남은 빈자리를 채우지 않기로 정합니다. 아무도 뽑지 않는 것도 규정에 "
            "맞는 "
            "결과입니다.",
            en="The places that are left stay empty; that nobody is selected is a "
            "lawful outcome.",
        ),
        asks=PlacesLeftEmpty,
        words={"reason": _REASON},
        make=_on_places,
        back=_back,
        topics=PLACES,
        entries=_entries_of_places,
    ),
}
WAY_ON_ACTS: Mapping[str, OfficeAct] = {
    "stage-next": OfficeAct(
        name=Text(ko="다음 단계 팀 지정", en="Name the teams of the next stage"),
        does=Text(
            ko="진출한 팀과 빈자리를 채운 팀에서 참여를 마친 팀을 뺀 명단을 "
            "기록합니다. "
            "늦게 들어온 팀의 개발 기간은 협약이 시작된 날부터 셉니다.",
            en="Who advanced and who filled a place, less who left, goes on record. "
            "The "
            "time of a late entrant counts from the day its agreement starts.",
        ),
        asks=FollowingStage,
        words=_FOLLOWING_WORDS,
        make=lambda office, asked: name_next_stage(
            office,
            asked.event.stage,
            begins=asked.event.begins,
            ends=asked.event.ends,
            mandate=asked.mandate,
        ),
        back=_back,
        topics=(Topic.RANK_CUT,),
    ),
    "programme-end": OfficeAct(
        name=Text(ko="최종 팀 확정", en="End the programme"),
        does=Text(
            ko="남은 팀의 수가 규정이 정한 최종 팀의 수에 이르렀으므로 사업의 단계를 "
            "마칩니다.",
            en="As many teams are left as the rules end with: no stage follows.",
        ),
        make=lambda office, asked: end_programme(office, mandate=asked.mandate),
        back=_back,
        topics=(Topic.FINAL,),
    ),
}
DECISION_ACTS: Mapping[str, OfficeAct] = {
    **OBJECTION_ACTS,
    **TEAM_ACTS,
    **OFFICE_ACTS,
    **WAY_ON_ACTS,
}
