"""V16: the code is the recorded one, and what of it is known code is named."""

from __future__ import annotations

from dokja.errors import DokjaError
from dokja.evidence.values import CheckResult, Text
from dokja.training.checks.case import Case, Outcome
from dokja.training.known_code import CodeTree, dropped_notices, resemblances
from dokja.training.ports import Materials
from dokja.training.values import Start


def code(case: Case) -> Outcome:
    """Fails where the code handed in is not the recorded one, and only there.

    Using others' code is allowed; that a notice was dropped is a question, since it
    may stand where this does not look.
    """
    materials, start = case.audit.materials, case.reading.start
    if materials is None:
        return CheckResult.NOT_RUN, Text(
            ko="학습 코드를 견주지 않았습니다. 팀이 코드를 공개하여야 합니다.",
            en="The code was not compared: it takes the code tree, opened by the team.",
        )
    if start is None or start.code is None or start.code_changed:
        return CheckResult.INCONCLUSIVE, Text(
            ko="기록에 학습 코드의 해시값이 없거나, 바뀐 코드라고 적혀 있습니다.",
            en="The record holds no digest of the code, or says that it had been "
            "changed.",
        )
    try:
        return _other(materials, start) or _known(case, materials)
    except DokjaError as error:
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"학습 코드를 읽지 못했습니다: {error.fact}",
            en=f"The code cannot be read: {error.fact}",
        )


def _other(materials: Materials, start: Start) -> Outcome | None:
    found = materials.program_digest()
    if found is None:
        return CheckResult.INCONCLUSIVE, Text(
            ko="학습 코드를 공개하지 않았습니다.", en="The code was not handed in."
        )
    if found == start.code:
        return None
    return CheckResult.FAIL, Text(
        ko="공개한 학습 코드가 기록된 코드와 다릅니다.",
        en="The code handed in is not the recorded one.",
    )


def _known(case: Case, materials: Materials) -> Outcome:
    known = case.audit.known_code
    if not known:
        return CheckResult.PASS, Text(
            ko="공개한 학습 코드가 기록된 코드입니다. 견줄 공개 코드는 지정하지 "
            "않았습니다.",
            en="The code handed in is the recorded one. No known code was given to "
            "compare it with.",
        )
    program = CodeTree("program", materials.program_texts())
    found = resemblances(program, known)
    used = {each.known for each in found}
    dropped = [
        f"{tree.name}/{path}"
        for tree in known
        if tree.name in used
        for path in dropped_notices(program, tree)
    ]
    if dropped:
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"{found[0].file[:80]}의 {found[0].share:.0%}가 {found[0].known[:80]}의 "
            f"코드인데 그 고지문({dropped[0][:80]})이 없습니다.",
            en=f"{found[0].share:.0%} of {found[0].file[:80]} is code of "
            f"{found[0].known[:80]}, whose notice ({dropped[0][:80]}) is not kept.",
        )
    named = ", ".join(f"{e.file} {e.share:.0%} {e.known}" for e in found[:3]) or "-"
    return CheckResult.PASS, Text(
        ko=f"공개한 학습 코드가 기록된 코드입니다. 코드 파일 {len(program.files)}개 "
        f"가운데 {len(found)}개가 견준 공개 코드 {len(known)}종과 비슷하고({named}) "
        "고지문이 있습니다.",
        en=f"The code handed in is the recorded one. Of {len(program.files)} files of "
        f"code {len(found)} resemble one of {len(known)} known trees ({named}), whose "
        "notices are kept.",
    )
