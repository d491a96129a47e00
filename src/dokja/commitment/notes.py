"""What a measurement says beside its figures, in a sentence for the record."""

from __future__ import annotations

from collections import Counter

from dokja.commitment.observations import (
    CatalogueSeen,
    EndpointSeen,
    FormatState,
    LicenceSeen,
    ReleaseSeen,
    Seen,
)
from dokja.commitment.observed import permits_commercial_use
from dokja.evidence.values import Text

MOST_LETTERS = 200
"""Of a reason that a server or a library gives."""


def note_of(seen: Seen) -> Text:
    """What was tried, and why anything is left open."""
    if isinstance(seen, EndpointSeen):
        return _of_endpoint(seen)
    if isinstance(seen, LicenceSeen):
        return _of_licence(seen)
    if isinstance(seen, ReleaseSeen):
        return _of_release(seen)
    return _of_catalogue(seen)


def _of_endpoint(seen: EndpointSeen) -> Text:
    whole = sum(each.answered is True for each in seen.requests)
    none = sum(each.answered is False for each in seen.requests)
    open_ = len(seen.requests) - whole - none
    reasons = Counter(r.reason.partition(":")[0] for r in seen.requests if r.reason)
    why = ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items()))
    pace = f"{seen.every_seconds:g}"
    limit = f"{seen.within_seconds:g}"
    return Text(
        ko=f"{pace}초마다 요청하고 {limit}초까지 기다림: 응답 {whole}건, 무응답 "
        f"{none}건, 가릴 수 없음 {open_}건" + (f" ({why})" if why else ""),
        en=f"Asked every {pace} s and waited {limit} s: {whole} answered, {none} not, "
        f"{open_} that tell nothing" + (f" ({why})" if why else ""),
    )


def _of_licence(seen: LicenceSeen) -> Text:
    commercial = permits_commercial_use(seen)
    named = seen.declared or "–"
    read = ", ".join(
        f"{r.licence}: {r.commercial}"
        + (f" ({', '.join(r.limited_by)})" if r.limited_by else "")
        for r in seen.readings
    )
    open_ko = "" if commercial is not None else " 표만으로는 가릴 수 없습니다."
    open_en = "" if commercial is not None else " The tables alone cannot tell."
    return Text(
        ko=f"{seen.where}에 적힌 라이선스: {named}. 상업적 이용: {read or '–'}."
        + open_ko,
        en=f"Licence named in {seen.where}: {named}. Commercial use: {read or '–'}."
        + open_en,
    )


def _of_release(seen: ReleaseSeen) -> Text:
    words = {
        FormatState.COMPARED: Text(ko="비교함", en="compared"),
        FormatState.BROKEN: Text(ko="열리지 않음", en="does not load"),
        FormatState.UNTRIED: Text(ko="시험하지 못함", en="not tried"),
    }

    def told(lang: str) -> str:
        return "; ".join(
            f"{each.format}: {getattr(words[each.state], lang)}"
            + (f" ({each.reason[:MOST_LETTERS]})" if each.reason else "")
            for each in seen.formats
        )

    return Text(ko=told("ko"), en=told("en"))


def _of_catalogue(seen: CatalogueSeen) -> Text:
    tried = len(seen.tried)
    shown = sum(each.manifest is True for each in seen.tried)
    answered = sum(each.answered is True for each in seen.tried)
    open_ = sum(each.answered is None for each in seen.tried)
    return Text(
        ko=f"목록 {seen.listed}개 중 {tried}개를 시험함: 명세 있음 {shown}개, 응답 "
        f"{answered}개, 가릴 수 없음 {open_}개",
        en=f"Tried {tried} of {seen.listed} listed: {shown} with a manifest, "
        f"{answered} answered, {open_} that tell nothing",
    )
