"""What a model is told of its tools and by them, word for word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dokja.benchmark.programs.values import ProgramOutcome
from dokja.benchmark.values import SuiteHeader, Tool

PROGRAM_LETTERS = 20_000
"""Of a program that are taken; a longer one is not run."""
NOTHING_PRINTED = "nothing was printed; use print()"
NO_CALL_LEFT = "no call is left; answer now"
TOO_LONG = f"the program has more than {PROGRAM_LETTERS} letters and was not run"


@dataclass(frozen=True)
class ToolWords:
    """A tool with one argument, as a model is told of it."""

    name: str
    description: str
    argument: str
    meaning: str
    """Of the argument."""


_WORDS: Mapping[Tool, Mapping[str, ToolWords]] = {
    Tool.PYTHON: {
        "ko": ToolWords(
            "python",
            "파이썬 프로그램을 실행하고 print로 출력한 내용의 앞부분을 돌려줍니다. "
            "표준 라이브러리만 쓸 수 있고, 통신과 파일 쓰기는 할 수 없으며, "
            "실행 사이에 아무것도 남지 않습니다.",
            "code",
            "실행할 프로그램 전체",
        ),
        "en": ToolWords(
            "python",
            "Runs a Python program and returns the beginning of what it prints. "
            "Only the standard library is there, no network and no file that can be "
            "written; nothing is kept between runs.",
            "code",
            "The whole program to run",
        ),
    }
}


def tools_of(header: SuiteHeader) -> tuple[ToolWords, ...]:
    """The tools of a suite in its language."""
    language = "ko" if header.language == "ko" else "en"
    return tuple(_WORDS[tool][language] for tool in header.tools)


def tool_reply(outcome: ProgramOutcome) -> str:
    """What the model reads of its program: what was printed, and how it failed."""
    parts = [part for part in (outcome.printed.rstrip("\n"), outcome.fact) if part]
    return "\n".join(parts) or NOTHING_PRINTED


def told_words(tools: tuple[Tool, ...]) -> dict[str, object]:
    """Every word of the tools, for the digest of a suite's templates."""
    return {
        "tools": {
            tool.value: {lang: vars(words) for lang, words in _WORDS[tool].items()}
            for tool in tools
        },
        "replies": [NOTHING_PRINTED, NO_CALL_LEFT, TOO_LONG],
    }
