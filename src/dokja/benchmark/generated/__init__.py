"""Suites made by seeded generators: nothing copied, a fresh set for every beacon."""

from dokja.benchmark.generated.instructions import (
    make_instructions,
)
from dokja.benchmark.generated.needles import TokenCounter
from dokja.benchmark.generated.shipped import (
    generate_suite,
    generated_headers,
    measured_in_tokens,
)

__all__ = [
    "TokenCounter",
    "generate_suite",
    "generated_headers",
    "make_instructions",
    "measured_in_tokens",
]
