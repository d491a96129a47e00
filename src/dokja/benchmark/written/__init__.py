"""Answers that a model writes: how it is asked, and how a program scores them."""

from dokja.benchmark.written.answers import kept_answer, read_answer, score_answer
from dokja.benchmark.written.prompts import LETTERS, prompt_of, templates_digest
from dokja.benchmark.written.rules import broken_rules

__all__ = [
    "LETTERS",
    "broken_rules",
    "kept_answer",
    "prompt_of",
    "read_answer",
    "score_answer",
    "templates_digest",
]
