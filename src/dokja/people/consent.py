"""What people are told about their data before they agree, and their consents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from dokja.errors import NotAllowed
from dokja.evidence.canonical import digest_of
from dokja.evidence.values import Text
from dokja.people.values import (
    Consent,
    ConsentKind,
    ConsentNotice,
    Controller,
    Role,
)

VERSION = "1"

_RIGHTS = Text(
    ko="정보주체는 언제든지 ‘내 정보’ 화면에서 개인정보를 열람·정정하고 내려받을 수 "
    "있으며, 삭제 또는 동의 철회를 요구할 수 있습니다. 삭제를 요구하면 즉시 "
    "삭제하고, 누구의 정보인지 알 수 없는 가명만 남은 평가 기록은 보존합니다.",
    en="On the page “my data” you can see, correct and take your data at any time, "
    "have them erased and withdraw your consent. Erasure is immediate; evaluation "
    "records, which bear a pseudonym that leads to nobody, remain.",
)
_VOTER_RETENTION = Text(
    ko="결과 공개와 이의신청 절차가 끝나 투표의 암호 열쇠를 파기할 때까지 보유하고, "
    "그때 모두 삭제합니다. 그 전에 삭제를 요구하면 즉시 삭제합니다. 다만 한 사람이 "
    "두 번 투표하지 못하도록, 본인확인 정보를 암호 열쇠로 변환한 값은 열쇠를 파기할 "
    "때까지 보관하며, 이 값으로는 누구인지 알 수 없고 어떤 투표를 했는지도 알 수 "
    "없습니다.",
    en="Until the results are published, objections are settled and the contest's "
    "key is destroyed; then everything is deleted, or at once when you ask for it. "
    "So that nobody votes twice, a value computed from your verified identity with "
    "that key is kept until the key is destroyed; it tells neither who you are nor "
    "how you voted.",
)
_OFFICE_RETENTION = Text(
    ko="해당 단계의 평가와 이의신청 절차가 끝날 때까지 보유하고, 사무국이 계정을 "
    "닫거나 본인이 삭제를 요구하면 즉시 삭제합니다.",
    en="Until the evaluation of the stage and its objections are settled; deleted at "
    "once when the office closes the account or you ask for it.",
)


def notices_for(
    role: Role, controller: Controller, *, is_panel: bool = False
) -> tuple[ConsentNotice, ...]:
    """The notices somebody of this role is shown, the required ones first.

    In a citizen panel the optional consent decides whether there is a place.
    """
    if role is Role.VOTER:
        identity, quota = _voter_notices(controller)
        return (identity, _for_a_panel(quota) if is_panel else quota)
    return (_taking_part(controller),)


def notice_digest(notice: ConsentNotice) -> str:
    """Digest of the notice, by which a consent names it word for word."""
    return digest_of(notice)


def consents_given(
    notices: Sequence[ConsentNotice], agreed: Sequence[str], *, now: datetime
) -> tuple[Consent, ...]:
    """The consents that follow from the boxes that were ticked.

    Raises: NotAllowed where a required one is missing, or a box belongs to a
    notice that has changed since the page was shown.
    """
    digests = {notice_digest(notice): notice for notice in notices}
    if set(agreed) - set(digests):
        raise NotAllowed(
            "the notice on personal data has changed since it was shown",
            remedy="read the notice again and agree to the present one",
            korean="동의서 내용이 바뀌었습니다. 다시 읽고 동의해 주십시오.",
        )
    for digest, notice in digests.items():
        if notice.kind is ConsentKind.REQUIRED and digest not in agreed:
            raise NotAllowed(
                f"the required consent {notice.id!r} was not given",
                remedy="agree to it, or do not take part; nothing was stored",
                korean="필수 동의가 없어 등록하지 않았습니다. 저장한 정보는 없습니다.",
            )
    return tuple(
        Consent(notice=notice.id, version=notice.version, digest=digest, given_at=now)
        for digest, notice in digests.items()
        if digest in agreed
    )


def _voter_notices(controller: Controller) -> tuple[ConsentNotice, ...]:
    return (
        ConsentNotice(
            id="voter-identity",
            version=VERSION,
            kind=ConsentKind.REQUIRED,
            title=Text(
                ko="개인정보 수집·이용 동의(필수)",
                en="Consent to the collection and use of personal data (required)",
            ),
            controller=controller,
            purpose=Text(
                ko="투표 참여 자격(만 14세 이상) 확인, 1인 1회 참여 확인, "
                "부정 투표 방지",
                en="To check that you may vote (aged 14 or over), that one person "
                "takes part once, and to prevent rigging",
            ),
            items=Text(
                ko="본인확인 기관이 제공한 이용자 식별값(변환하여 보관), 생년월일(나이 "
                "확인에만 쓰고 출생 연도만 보관), 이 누리집에 직접 로그인하는 경우 "
                "로그인 이름과 비밀번호(변환하여 보관)",
                en="The identifier that the identity provider has for you (kept as a "
                "digest), your date of birth (used to check your age; only the year "
                "is kept) and, where you sign in at this site, your login and your "
                "password (kept as a hash)",
            ),
            retention=_VOTER_RETENTION,
            rights=_RIGHTS,
            refusal=Text(
                ko="동의를 거부할 권리가 있으며, 거부하면 투표에 참여할 수 없습니다. "
                "그 밖의 불이익은 없습니다.",
                en="You may refuse. You can then not vote; nothing else follows.",
            ),
        ),
        ConsentNotice(
            id="voter-quota",
            version=VERSION,
            kind=ConsentKind.OPTIONAL,
            title=Text(
                ko="개인정보 수집·이용 동의(선택)",
                en="Consent to the collection and use of personal data (optional)",
            ),
            controller=controller,
            purpose=Text(
                ko="참여자 구성이 국민 전체와 얼마나 다른지 확인하고 통계로만 공개",
                en="To see how far those who take part differ from the population; "
                "published as statistics only",
            ),
            items=Text(
                ko="성별, 거주 권역, 인공지능 이용 빈도",
                en="Sex, region of residence, how often you use AI",
            ),
            retention=_VOTER_RETENTION,
            rights=_RIGHTS,
            refusal=Text(
                ko="동의를 거부할 권리가 있으며, 거부하더라도 투표에 참여할 수 있고 "
                "불이익이 없습니다.",
                en="You may refuse and vote all the same; nothing follows.",
            ),
        ),
    )


def _for_a_panel(quota: ConsentNotice) -> ConsentNotice:
    return msgspec.structs.replace(
        quota,
        id="voter-panel",
        purpose=Text(
            ko="국민평가단의 구성 비율에 맞추어 참여자를 받고, 계획한 비율로 보정한 "
            "결과를 계산하며, 구성을 통계로만 공개",
            en="To fill the places of the citizen panel, to weight its result to the "
            "planned shares, and to publish its make-up as statistics only",
        ),
        items=Text(
            ko="성별, 거주 권역, 인공지능 이용 빈도, 출생 연도(연령대 구분)",
            en="Sex, region of residence, how often you use AI, and your year of "
            "birth (for the age group)",
        ),
        refusal=Text(
            ko="동의를 거부할 권리가 있으며, 거부하면 자리를 정할 수 없어 "
            "국민평가단에 참여할 수 없습니다. 그 밖의 불이익은 없습니다. 나중에 "
            "철회하면 자리는 비워지고, 이미 한 투표는 보정하지 않은 결과에만 남습니다.",
            en="You may refuse. You then have no place on this panel; nothing else "
            "follows. If you withdraw it later your place is free again, and votes "
            "cast before stay in the unweighted result only.",
        ),
    )


def _taking_part(controller: Controller) -> ConsentNotice:
    return ConsentNotice(
        id="taking-part",
        version=VERSION,
        kind=ConsentKind.REQUIRED,
        title=Text(
            ko="개인정보 수집·이용 동의(필수)",
            en="Consent to the collection and use of personal data (required)",
        ),
        controller=controller,
        purpose=Text(
            ko="본인 확인, 이해충돌 확인, 평가 업무에 관한 연락, 접근 권한 관리",
            en="To know who you are, to check for conflicts of interest, to contact "
            "you about the evaluation, and to manage access",
        ),
        items=Text(
            ko="성명, 전자우편 주소, 소속, 로그인 이름, 생년월일(나이 확인에만 쓰고 "
            "출생 연도만 보관), 외부 로그인을 쓰는 경우 이용자 식별값(변환하여 보관)",
            en="Name, e-mail address, employer, login, date of birth (used to check "
            "your age; only the year is kept) and, where you sign in elsewhere, the "
            "identifier used there (kept as a digest)",
        ),
        retention=_OFFICE_RETENTION,
        rights=_RIGHTS,
        refusal=Text(
            ko="동의를 거부할 권리가 있으며, 거부하면 평가에 참여할 수 없습니다.",
            en="You may refuse. You can then not take part in the evaluation.",
        ),
    )
