"""Formats that agree, differ, fall silent or are not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dokja.commitment.compare_formats import ReleaseQuestions, compare_formats
from dokja.commitment.notes import note_of
from dokja.commitment.observations import FormatSeen, FormatState
from dokja.commitment.observed import figures_of
from dokja.errors import Unavailable
from dokja.evidence.canonical import canonical_bytes

QUESTIONS = ReleaseQuestions(promise="p", beacon="b", sequences=2, length=3)
GONE = FormatSeen(format="onnx", state=FormatState.UNTRIED, reason="no engine")
CUT = FormatSeen(format="onnx", state=FormatState.BROKEN, reason="cut off")


@dataclass
class Model:
    """A model that finds low numbers likelier, moved by an offset."""

    offset: float = 0.0
    vocabulary: int = 50
    is_silent: bool = False
    engine: str = "made up"

    def likeliest(
        self, sequence: Sequence[int], count: int
    ) -> tuple[tuple[int, ...], ...]:
        self._speak()
        return (tuple(range(min(count, self.vocabulary))),) * len(sequence)

    def worth(
        self, sequence: Sequence[int], asked: Sequence[Sequence[int]]
    ) -> tuple[tuple[float, ...], ...]:
        self._speak()
        assert len(asked) == len(sequence)
        assert all(token < self.vocabulary for line in asked for token in line)
        return tuple(tuple(-t - self.offset for t in line) for line in asked)

    def _speak(self) -> None:
        if self.is_silent:
            raise Unavailable("it fell silent", remedy="none")


def figures(
    models: dict[str, Model], *others: FormatSeen
) -> dict[str, tuple[float, float | None, float | None]]:
    """Each figure with its interval."""
    named = [*models, *(other.format for other in others)]
    known = {other.format: other for other in others}
    steps: list[tuple[int, int]] = []
    seen = compare_formats(
        named, models, known, QUESTIONS, on_items=lambda *s: steps.append(s)
    )
    canonical_bytes(seen)
    assert len(steps) == len(models)
    assert [each.format for each in seen.formats] == named
    assert note_of(seen).ko
    return {
        f.name: (f.estimate.value, f.estimate.low, f.estimate.high)
        for f in figures_of(seen, source="s")
    }


def test_the_furthest_format_is_the_figure() -> None:
    """Of three that run."""
    models = {"a": Model(), "b": Model(0.25), "c": Model(-0.5)}
    assert figures(models) == {
        "formats": (3, None, None),
        "difference": (0.5, None, None),
    }


def test_what_is_untried_leaves_both_figures_open() -> None:
    """It may load or not, and agree or not."""
    assert figures({"a": Model(), "b": Model(0.25)}, GONE) == {
        "formats": (2, 2, 3),
        "difference": (0.25, 0.25, None),
    }
    assert figures({"a": Model()}, GONE) == {"formats": (1, 1, 2)}
    assert figures({}, GONE) == {}


def test_what_is_damaged_counts_and_says_nothing_of_the_others() -> None:
    """Two of three load, and they agree."""
    assert figures({"a": Model(), "b": Model()}, CUT) == {
        "formats": (2, None, None),
        "difference": (0.0, None, None),
    }


def test_the_first_that_answers_leads() -> None:
    """A leader that falls silent is left open, and the next one takes its place."""
    silent = {"a": Model(is_silent=True), "b": Model(), "c": Model(0.25)}
    assert figures(silent) == {
        "formats": (2, 2, 3),
        "difference": (0.25, 0.25, None),
    }


def test_tokens_that_one_format_does_not_know_are_not_asked() -> None:
    """A file with fewer tokens than the leader."""
    found = figures({"a": Model(), "b": Model(0.25, vocabulary=5)})
    assert found["difference"][0] == 0.25
