"""Answers that a model writes: how it is asked, and how a program scores them."""

from dokja.benchmark.written.answers import kept_answer, score_answer
from dokja.benchmark.written.prompts import prompt_of, templates_digest

__all__ = ["kept_answer", "prompt_of", "score_answer", "templates_digest"]
