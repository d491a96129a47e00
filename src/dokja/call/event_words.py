"""What each kind of act is called where people read it."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.call import values as call
from dokja.call.agreements import values as agreement
from dokja.call.applications import values as application
from dokja.evidence.values import Text

EVENT_WORDS: Mapping[type, Text] = {
    call.CallDrafted: Text("공모 초안 작성", "call drafted"),
    call.CallRevised: Text("공모 초안 수정", "draft of the call replaced"),
    call.CallOpened: Text("공고", "call announced"),
    call.CallExtended: Text("접수 기간 연장", "window extended"),
    call.Clarified: Text("안내 게시", "notice given"),
    call.Asked: Text("질의 접수", "question put"),
    call.Answered: Text("답변", "question answered"),
    call.MarkedContradicting: Text(
        "공고문과 다른 내용 표시", "marked as contradicting the call"
    ),
    call.CallClosed: Text("접수 마감", "call closed"),
    call.PanelNamed: Text("평가단 구성", "panel named"),
    call.ScreeningBegun: Text("서면평가 시작", "documents handed to the panel"),
    call.Screened: Text("서면평가 결과 확정", "shortlist found"),
    call.CallDecided: Text("선정 결정", "selection decided"),
    call.BidMovedUp: Text("차순위 신청 선정", "next bid moved up"),
    call.CallClosedOut: Text("공모 종결", "call closed out"),
    application.ApplicationDrafted: Text("신청서 작성", "application begun"),
    application.ApplicationRevised: Text("신청서 수정", "draft replaced"),
    application.ApplicationSubmitted: Text("신청서 제출", "application handed in"),
    application.ConsortiumAmended: Text("컨소시엄 변경", "consortium amended"),
    application.TrackChecked: Text("수행 실적 확인", "earlier work looked at"),
    application.ComparisonCited: Text(
        "가중치 비교 결과 인용", "comparison of weights cited"
    ),
    application.ApplicantAsked: Text("소명 요청", "reply asked for"),
    application.ApplicantReplied: Text("소명", "applicant replied"),
    application.EligibilityFound: Text("자격 판단", "eligibility found"),
    application.DocumentsReviewed: Text("서면평가 결과", "documents reviewed"),
    application.PresentationHeld: Text("발표", "presentation held"),
    application.SelectionMade: Text("선정 결과", "selection made"),
    application.MovedUp: Text("차순위로 선정", "moved up into a place"),
    application.FeedbackGiven: Text("피드백 제공", "feedback given"),
    application.ApplicationWithdrawn: Text("신청 철회", "application withdrawn"),
    agreement.AgreementDrafted: Text("협약안 작성", "agreement drafted"),
    agreement.AgreementSigned: Text("협약 체결", "agreement signed"),
    agreement.AgreementActivated: Text(
        "협약 이행 시작", "work under the agreement began"
    ),
    agreement.AgreementAmended: Text("협약 변경", "agreement amended"),
    agreement.ObligationMet: Text("의무 이행", "obligation met"),
    agreement.ObligationBreached: Text("의무 불이행", "obligation breached"),
    agreement.ObligationWaived: Text("의무 면제", "obligation waived"),
    agreement.AgreementTerminated: Text("협약 해지", "agreement terminated"),
    agreement.AgreementCompleted: Text("협약 완료", "agreement completed"),
}
