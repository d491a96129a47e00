"""Tokens counted by a model's own tokenizer, for suites measured in them."""

from __future__ import annotations

from pathlib import Path

from dokja.adapters.suites.plain_files import read_bytes
from dokja.benchmark.generated import TokenCounter
from dokja.errors import InvalidInput, Unavailable
from dokja.evidence.canonical import digest_bytes

TOKENIZER, TOKENIZER_BYTES = "tokenizer.json", 64 << 20


def tokenizer_counter(model: Path) -> TokenCounter:
    """The counter of the tokenizer in a model's folder, named by its digest.

    Two models with one tokenizer are asked the same. Raises: Unavailable where
    the folder has no tokenizer.json or its reader is missing, InvalidInput
    where it is not one.
    """
    try:
        from tokenizers import Tokenizer
    except ImportError as error:
        raise Unavailable(
            "counting tokens needs tokenizers, which is not installed",
            remedy="install Dokja with its extra: pip install 'dokja[harness]'",
        ) from error
    data = read_bytes(model / TOKENIZER, shown=TOKENIZER, limit=TOKENIZER_BYTES)
    try:
        tokenizer = Tokenizer.from_str(data.decode())
    # The reader, which is not Python, knows no kind of error but this one.
    except Exception as error:
        raise InvalidInput(
            f"{TOKENIZER} of {model.name} cannot be read: {error}",
            remedy="give the tokenizer as transformers saves it",
        ) from error
    name = digest_bytes(data).removeprefix("sha256:")[:12]
    return TokenCounter(
        name=f"tokenizer-{name}",
        count=lambda text: len(tokenizer.encode(text, add_special_tokens=False)),
    )
