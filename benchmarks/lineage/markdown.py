"""Tables and figures as the page writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from figures import interval


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def number(value: float | None) -> str:
    """A figure with three decimals, or that there is none."""
    return "none" if value is None else f"{value:.3f}"


def score(value: float | None) -> str:
    """A score: logarithms of p-values are large, the other scores at most 1."""
    if value is None:
        return "none"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"


def span(values: Sequence[float]) -> str:
    """The least and the greatest of some values, once where they read alike."""
    low, high = f"{min(values):.2f}", f"{max(values):.2f}"
    return low if low == high else f"{low} to {high}"


def rate(hits: int | None, of: int) -> str:
    """A count of a total with its interval, or that the method draws no line."""
    if not of:
        return "no pairs"
    if hits is None:
        return "no line"
    low, high = interval(hits, of)
    return f"{hits} of {of} ({low:.2f} to {high:.2f})"


def several(count: int, one: str) -> str:
    """A count with its noun."""
    return f"{count:,} {one}" + ("" if count == 1 else "s")
