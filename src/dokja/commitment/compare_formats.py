"""The same questions put to every format of a release that could be opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dokja.commitment.draws import token_sequences
from dokja.commitment.observations import FormatSeen, FormatState, ReleaseSeen
from dokja.commitment.ports import NextTokens
from dokja.errors import Unavailable

LIKELIEST = 16
"""Tokens of the first format that are compared at every place: what a model may well
say. Tokens that none would ever say differ by rounding alone."""

Asked = tuple[tuple[tuple[int, ...], ...], ...]


@dataclass(frozen=True, kw_only=True)
class ReleaseQuestions:
    """How much is asked of every format."""

    promise: str
    """Digest of the act that made the promise."""
    beacon: str
    sequences: int = 8
    length: int = 16
    """Tokens of a sequence, each of whose places is asked about."""


def compare_formats(
    named: Sequence[str],
    opened: Mapping[str, NextTokens],
    others: Mapping[str, FormatSeen],
    questions: ReleaseQuestions,
    *,
    on_items: Callable[[int, int], None],
) -> ReleaseSeen:
    """What every format said, in the promise's order; the first that answers leads.

    `others` are the formats that could not be opened, with what is known of them.
    """
    running = {name: opened[name] for name in named if name in opened}
    vocabulary = min((each.vocabulary for each in running.values()), default=0)
    sequences = token_sequences(
        questions.promise,
        questions.beacon,
        vocabulary=vocabulary,
        count=questions.sequences if running else 0,
        length=questions.length,
    )
    found, asked = dict(others), None
    for done, (name, model) in enumerate(running.items(), start=1):
        try:
            if asked is None:
                asked = _likely(model, sequences, vocabulary)
            said = _worth(model, sequences, asked)
        except Unavailable as error:
            found[name] = _open(name, model, error.fact)
        else:
            found[name] = FormatSeen(
                format=name,
                state=FormatState.COMPARED,
                engine=model.engine,
                said=said,
            )
        on_items(done, len(running))
    return ReleaseSeen(
        beacon=questions.beacon,
        vocabulary=vocabulary,
        sequences=sequences,
        asked=asked or (),
        formats=tuple(found[name] for name in named),
    )


def _likely(
    model: NextTokens, sequences: Sequence[tuple[int, ...]], vocabulary: int
) -> Asked:
    """What the leading format finds likeliest, of the tokens that all know."""
    return tuple(
        tuple(
            tuple(token for token in place if token < vocabulary)
            for place in model.likeliest(sequence, LIKELIEST)
        )
        for sequence in sequences
    )


def _worth(
    model: NextTokens, sequences: Sequence[tuple[int, ...]], asked: Asked
) -> tuple[tuple[tuple[float, ...], ...], ...]:
    return tuple(
        model.worth(sequence, places)
        for sequence, places in zip(sequences, asked, strict=True)
    )


def _open(name: str, model: NextTokens, reason: str) -> FormatSeen:
    return FormatSeen(
        format=name, state=FormatState.UNTRIED, engine=model.engine, reason=reason
    )
