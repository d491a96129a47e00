"""Scores of written answers, which anyone can derive again from what is kept.

There is no rescue of an answer in another form: every model is read alike.
"""

from __future__ import annotations

import re
import unicodedata

from dokja.benchmark.values import ANSWER_LETTERS, Item, Scoring
from dokja.benchmark.written.prompts import LETTERS
from dokja.benchmark.written.rules import follows_rule

_ANSWER_LINE = re.compile(
    r"^[\s*_#>`]*(?:정답|답|answer)[\s*_`]*[:：][\s*_`]*(?P<given>.*?)[\s*_`.]*$",
    re.IGNORECASE | re.MULTILINE,
)
_LETTER = re.compile(rf"[(\[]?(?P<letter>[{LETTERS}])(?:[)\].:\s].*)?", re.DOTALL)
_NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?")


def kept_answer(text: str) -> str:
    """The part of an answer that is kept and scored: its end, where it is long.

    In composed Unicode without what cannot be printed or published.
    """
    text = unicodedata.normalize("NFC", text)
    shown = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
    return shown.encode(errors="ignore").decode()[-ANSWER_LETTERS:]


def score_answer(
    scoring: Scoring, item: Item, answer: str
) -> tuple[int | None, int] | None:
    """The choice that was made, if any, and the score; None where no program can say.

    An answer that names no choice or no number is wrong: it was asked for one.
    """
    if scoring is Scoring.LETTER:
        chosen = _chosen(answer, len(item.choices))
        return chosen, int(chosen == item.answer)
    if scoring is Scoring.EXACT:
        return None, int(_plain(_given(answer)) == _plain(item.target))
    if scoring is Scoring.NUMBER:
        return None, int(_number(_given(answer)) == _number(item.target))
    if scoring is Scoring.RULES:
        return None, int(all(follows_rule(answer, rule) for rule in item.rules))
    return None


def read_answer(scoring: Scoring, item: Item, answer: str) -> str | None:
    """What is held against the item's target or letter; None where nothing is.

    For who asks why an answer was scored as it was.
    """
    if scoring is Scoring.LETTER:
        chosen = _chosen(answer, len(item.choices))
        return None if chosen is None else LETTERS[chosen]
    if scoring is Scoring.EXACT:
        return _given(answer)
    return _number(_given(answer)) if scoring is Scoring.NUMBER else None


def _given(answer: str) -> str:
    """What stands on the last answer line, or else the whole answer."""
    lines = list(_ANSWER_LINE.finditer(answer))
    return lines[-1]["given"] if lines else answer.strip()


def _chosen(answer: str, choices: int) -> int | None:
    found = _LETTER.fullmatch(_given(answer))
    place = LETTERS.index(found["letter"]) if found else choices
    return place if place < choices else None


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split()).strip(" .。\"'“”‘’")


def _number(text: str) -> str | None:
    found = _NUMBER.findall(text)
    if not found:
        return None
    digits = found[-1].replace(",", "").replace("−", "-")
    whole, _, part = digits.partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    part = part.rstrip("0")
    value = (whole.lstrip("0") or "0") + (f".{part}" if part else "")
    return value if value == "0" else sign + value
