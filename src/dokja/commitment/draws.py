"""What is asked of a release or a catalogue, drawn so that nobody can prepare."""

from __future__ import annotations

from dokja.evidence.seeds import permutation, seed_for, uniform_draws


def token_sequences(
    promise: str, beacon: str, *, vocabulary: int, count: int, length: int
) -> tuple[tuple[int, ...], ...]:
    """`count` sequences of `length` tokens, each token as likely as any other.

    `promise` is the digest of the act that made the promise, `beacon` was drawn after
    the release was published.
    """
    seed = seed_for(promise, "release/tokens", beacon)
    draws = uniform_draws(seed, count * length)
    tokens = [int(draw * vocabulary) for draw in draws]
    return tuple(
        tuple(tokens[start : start + length]) for start in range(0, len(tokens), length)
    )


def picked_entries(
    promise: str, beacon: str, *, catalogue: str, listed: int, most: int
) -> tuple[int, ...]:
    """Places of the entries to try, in the list's order: all where they are few.

    `catalogue` is the digest of the list, so that the draw is of this list alone.
    """
    if listed <= most:
        return tuple(range(listed))
    seed = seed_for(promise, f"catalogue/{catalogue}", beacon)
    return tuple(sorted(int(place) for place in permutation(seed, listed)[:most]))
