"""A transformers folder, opened on the CPU without a hub and without remote code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dokja.adapters.harness.libraries import no_model, stay_offline

_UNOPENED = (
    *(OSError, ValueError, RuntimeError, LookupError, ImportError),
    *(TypeError, AttributeError, ArithmeticError, AssertionError, MemoryError),
)
"""What the libraries raise over a config that says something else than they expect."""


@dataclass(frozen=True)
class LoadedModel:
    """A folder's model and tokenizer, ready on one thread."""

    model: Any
    tokenizer: Any
    limit: int | None
    """Tokens the model takes, where it says so."""


@lru_cache(maxsize=1)
def loaded_model(path: str, dtype: str) -> LoadedModel:
    """The model of a path, kept for the next shard of the same run."""
    model = opened_model(path, dtype)
    limit = getattr(model.config, "max_position_embeddings", None)
    return LoadedModel(model, _tokenizer(path), limit)


def opened_model(path: str, dtype: str) -> Any:
    """The folder's model without its tokenizer, on one thread.

    Raises: InvalidInput where transformers does not open it.
    """
    stay_offline()
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM, GenerationConfig

    # Sums depend on how many threads share them.
    torch.set_num_threads(1)
    local = {"local_files_only": True, "trust_remote_code": False}
    try:
        model: Any = AutoModelForCausalLM.from_pretrained(
            path, dtype=getattr(torch, dtype), use_safetensors=True, **local
        )
    except (*_UNOPENED, SafetensorError) as error:
        raise no_model(error) from error
    # What the folder recommends (temperatures, penalties, forced words) is not
    # asked for: every model writes under the same rule.
    ends = model.generation_config.eos_token_id
    settings: Any = GenerationConfig
    model.generation_config = settings(eos_token_id=ends)
    return model.eval()


def _tokenizer(path: str) -> Any:
    stay_offline()
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(
            path, local_files_only=True, trust_remote_code=False
        )
    except _UNOPENED as error:
        raise no_model(error) from error
