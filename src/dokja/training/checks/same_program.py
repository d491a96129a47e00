"""Whether what was run again is the program of the record, and could not cheat."""

from __future__ import annotations

from dokja.errors import DokjaError
from dokja.evidence.values import CheckResult, Text
from dokja.training.checks.case import Case, Outcome

ASKED = Text(
    ko="팀이 자료(체크포인트, 학습 자료, 프로그램)를 공개하지 않았거나 프로그램을 돌릴 "
    "장비를 지정하지 않았습니다.",
    en="No materials (checkpoints, data, program) were opened, or no machine was given "
    "to run the program.",
)


def not_asked(before: Text) -> Outcome:
    """What a check says that has nothing to run, and what it would need."""
    return CheckResult.NOT_RUN, Text(
        ko=f"{before.ko} {ASKED.ko}", en=f"{before.en} {ASKED.en}"
    )


def weighed(case: Case, outcome: Outcome) -> Outcome:
    """The outcome, held back where another program, or an open one, was run.

    Of another program than the recorded one neither agreement nor difference says
    anything; one that can read the claimed states need not compute them.
    """
    result, said = outcome
    if result not in (CheckResult.PASS, CheckResult.FAIL):
        return outcome
    other = other_program(case)
    if other is not None:
        return CheckResult.INCONCLUSIVE, _joined(said, other)
    machine = case.audit.machine
    if result is CheckResult.PASS and machine is not None and machine.open_to:
        return CheckResult.INCONCLUSIVE, _joined(
            said,
            Text(
                ko=f"다만 프로그램을 격리하지 못하여 답을 미리 읽었을 수 있습니다"
                f"({machine.open_to}).",
                en="But the program was not walled off and may have read the answer "
                f"({machine.open_to}).",
            ),
        )
    return outcome


def other_program(case: Case) -> Text | None:
    """Why the program is not the recorded one; None where it is."""
    start, materials = case.reading.start, case.audit.materials
    if start is None or start.code is None or start.code_changed:
        return Text(
            ko="다만 기록에 학습 프로그램의 해시값이 없거나, 바뀐 코드라고 적혀 "
            "있습니다.",
            en="But the record holds no digest of the code, or says that it had been "
            "changed.",
        )
    try:
        found = None if materials is None else materials.program_digest()
    except DokjaError as error:
        return Text(
            ko=f"다만 프로그램을 읽지 못했습니다: {error.fact}",
            en=f"But the program cannot be read: {error.fact}",
        )
    if found == start.code:
        return None
    return Text(
        ko="다만 공개한 프로그램이 기록된 프로그램과 다릅니다.",
        en="But the program that was opened is not the recorded one.",
    )


def _joined(one: Text, two: Text) -> Text:
    return Text(ko=f"{one.ko} {two.ko}", en=f"{one.en} {two.en}")
