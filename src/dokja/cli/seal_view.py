"""A seal on the screen: what was sealed, and what checking it amounts to."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dokja.evidence.values import Text
from dokja.submission.team_seal import MadeSeal, SealVerification
from dokja.submission.values import SealTrust

VERDICT: Mapping[SealTrust, Text] = {
    SealTrust.VERIFIED: Text(
        ko="검증됨: 등록된 키로 봉인되었고 모든 파일이 봉인된 그대로입니다.",
        en="verified: sealed by the registered key, and every file is as sealed.",
    ),
    SealTrust.UNTRUSTED: Text(
        ko="신뢰 불가: 봉인과 파일은 서로 맞지만 믿을 키와 대조하지 못했습니다. "
        "--key로 팀이 등록한 공개 키를 지정하십시오.",
        en="untrusted: seal and files agree, but no key you trust made the seal. "
        "Give the team's registered public key with --key.",
    ),
    SealTrust.FAILED: Text(
        ko="실패: 위에 적힌 곳이 봉인과 다릅니다. 누가 바꾸었는지는 알 수 없습니다.",
        en="failed: the places named above are not as sealed. Who changed them is "
        "not known.",
    ),
}


def show_made(made: MadeSeal, *, written: bool, lang: str) -> None:
    """Nothing; prints what the seal binds and where it is, in one language."""
    console, say = Console(highlight=False, soft_wrap=True), attrgetter(lang)
    predicate = made.statement.predicate
    files = len(made.statement.subject)
    tensors = sum(len(one.tensors) for one in predicate.weights)
    names = ", ".join(made.files)
    lines = (
        Text(
            ko=f"파일 {files}개, 텐서 {tensors}개",
            en=f"files {files}, tensors {tensors}",
        ),
        Text(ko=predicate.root, en=predicate.root),
        Text(ko=f"서명한 키 {made.key_id}", en=f"signed by {made.key_id}"),
        Text(ko=f"{names} 파일을 썼습니다.", en=f"written: {names}")
        if written
        else Text(ko=f"{names} 파일을 쓰지 않았습니다.", en=f"not written: {names}"),
    )
    for line in lines:
        console.print(say(line))


def show_seal(found: SealVerification, *, lang: str) -> None:
    """Nothing; prints the verification in one language."""
    console, say = Console(highlight=False), attrgetter(lang)
    table = Table(box=None, pad_edge=False, show_header=False)
    for check in found.checks:
        table.add_row(check.id, check.result.value, escape(say(check.detail)))
    console.print(f"[bold]{escape(found.team)} / {escape(found.stage)}[/]")
    console.print(table)
    for one in found.changed:
        console.print(f"{one.change.value:<8} {escape(repr(one.path)[1:-1])}")
    if found.root:
        console.print(found.root)
    console.print(f"[bold]{say(VERDICT[found.trust])}[/]")
