"""A verification on the screen: each check, then what it amounts to."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dokja.bundle import KeyOrigin, Trust, Verification
from dokja.evidence.values import Text

VERDICT: Mapping[Trust, Text] = {
    Trust.VERIFIED: Text(
        ko="검증됨: 기록에서 같은 결정이 다시 도출되고 서명이 맞습니다.",
        en="verified: the record leads to the same decision and the signature holds.",
    ),
    Trust.UNTRUSTED: Text(
        ko="신뢰 불가: 기록은 서로 맞지만 신뢰할 키의 서명이 확인되지 않았습니다. "
        "--key로 운영기관의 공개 키를 지정하십시오.",
        en="untrusted: the record agrees with itself, but no key you trust signed it. "
        "Give the office's public key with --key.",
    ),
    Trust.INCONCLUSIVE: Text(
        ko="판단 불가: 기록과 서명은 맞으나 다시 측정한 값만으로는 판단할 수 없습니다.",
        en="inconclusive: record and signature hold, but something measured again "
        "settled nothing.",
    ),
    Trust.FAILED: Text(
        ko="실패: 위에 적힌 곳이 발표된 것과 다르거나 도출되지 않습니다.",
        en="failed: the places named above are not as published or do not follow.",
    ),
}

WORTHLESS = Text(
    ko="이 꾸러미의 키는 공개된 시드에서 만든 예시 키이므로 서명에 증명력이 없습니다.",
    en="The pinned key belongs to the example: its seed is published, so its "
    "signature proves nothing about who made this.",
)


def show_verification(found: Verification, *, lang: str) -> None:
    """Nothing; prints the verification in one language."""
    console, say = Console(highlight=False), attrgetter(lang)
    table = Table(box=None, pad_edge=False, show_header=False)
    for check in found.checks:
        table.add_row(check.id, check.result.value, escape(say(check.detail)))
    console.print(f"[bold]{found.programme} / {found.stage}[/]")
    console.print(table)
    console.print(f"[bold]{say(VERDICT[found.trust])}[/]")
    if found.key_origin is KeyOrigin.PINNED and found.programme == "example":
        console.print(say(WORTHLESS))
