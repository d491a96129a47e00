"""The program within an answer: a block of code, or the answer as it stands."""

from __future__ import annotations

import re

from dokja.benchmark.values import Item

_BLOCK = re.compile(
    r"^[ \t]*```[^\n`]*\n(?P<code>.*?)(?:^[ \t]*```|\Z)", re.DOTALL | re.MULTILINE
)
_BEGINNING = re.compile(r"^(?:@|def |async def |class |from |import )", re.MULTILINE)


def program_of(item: Item, answer: str) -> str:
    """The whole program that is run: question, answer, tests, and their call.

    An answer that defines the entry point stands after the question, whose
    imports and helpers it may use; one that does not is its continuation.
    """
    code = _code(item, answer)
    if not _defines(item, code):
        code = _continuation(code)
    return "\n".join(
        [item.question + code, item.tests, f"check({item.entry_point})", ""]
    )


def _code(item: Item, answer: str) -> str:
    """The last block that defines the entry point, or the last one, or all."""
    blocks = [found["code"] for found in _BLOCK.finditer(answer)]
    whole = [block for block in blocks if _defines(item, block)]
    if whole or blocks:
        return "\n" + (whole or blocks)[-1] if whole else blocks[-1]
    beginning = _BEGINNING.search(answer)
    if beginning and _defines(item, answer):
        return "\n" + answer[beginning.start() :]
    return answer


def _continuation(code: str) -> str:
    """The part that belongs to the function: up to the first line that does not.

    A model that is only continued goes on with what it takes to come next.
    """
    lines = code.split("\n")
    for number, line in enumerate(lines):
        if number and line.strip() and not line[:1].isspace():
            return "\n".join(lines[:number])
    return code


def _defines(item: Item, code: str) -> bool:
    name = re.escape(item.entry_point)
    pattern = rf"^(?:async )?def {name}\b|^{name}\s*="
    return re.search(pattern, code, re.MULTILINE) is not None
