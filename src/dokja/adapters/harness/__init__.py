"""Evaluation harnesses behind the benchmark's port; imported when they run."""

from dokja.adapters.harness.chat import Sampling
from dokja.adapters.harness.echoed import EchoedChoices
from dokja.adapters.harness.endpoint import Endpoint, EndpointHarness
from dokja.adapters.harness.llama_cpp import LlamaCppHarness, gguf_digest
from dokja.adapters.harness.lm_eval import LmEvalHarness
from dokja.adapters.harness.server import Patience

__all__ = [
    "EchoedChoices",
    "Endpoint",
    "EndpointHarness",
    "LlamaCppHarness",
    "LmEvalHarness",
    "Patience",
    "Sampling",
    "gguf_digest",
]
