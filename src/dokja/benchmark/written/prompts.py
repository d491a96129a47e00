"""What a model that writes is asked, word for word."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.benchmark.values import Item, Scoring, SuiteHeader, Tool
from dokja.benchmark.written.tools import told_words
from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_of

LETTERS = "ABCDEFGHIJ"
_LAST_LINE: Mapping[Scoring, tuple[str, str]] = {
    Scoring.LETTER: (
        "마지막 줄에 ‘정답: ’과 고른 것의 글자 하나만 쓰십시오.",
        "End with a line that holds only “Answer: ” and the letter you chose.",
    ),
    Scoring.EXACT: (
        "마지막 줄에 ‘정답: ’과 답만 쓰십시오.",
        "End with a line that holds only “Answer: ” and the answer.",
    ),
    Scoring.NUMBER: (
        "마지막 줄에 ‘정답: ’과 수만 쓰십시오.",
        "End with a line that holds only “Answer: ” and the number.",
    ),
}


def prompt_of(header: SuiteHeader, item: Item) -> str:
    """The question as it is put to a model that writes its answer.

    Raises: InvalidInput where there are more choices than letters.
    """
    if len(item.choices) > len(LETTERS):
        raise InvalidInput(
            f"item {item.id} offers {len(item.choices)} choices",
            remedy=f"offer at most {len(LETTERS)}",
        )
    parts = [item.question.rstrip()]
    if header.scoring is Scoring.LETTER:
        named = zip(LETTERS, item.choices, strict=False)
        parts.append("\n".join(f"{letter}. {choice}" for letter, choice in named))
    if header.scoring in _LAST_LINE:
        ko, en = _LAST_LINE[header.scoring]
        parts.append(ko if header.language == "ko" else en)
    return "\n\n".join(parts)


def templates_digest(scoring: Scoring, tools: tuple[Tool, ...] = ()) -> str:
    """Digest of the words that are put around the questions of such a suite."""
    words = {"letters": LETTERS, "last_line": _LAST_LINE.get(scoring, ())}
    return digest_of({**words, **told_words(tools)} if tools else words)
