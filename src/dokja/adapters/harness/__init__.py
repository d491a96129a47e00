"""Evaluation harnesses behind the benchmark's port; imported when they run."""

from dokja.adapters.harness.chat import Sampling
from dokja.adapters.harness.echoed import EchoedChoices
from dokja.adapters.harness.endpoint import Endpoint, EndpointHarness
from dokja.adapters.harness.imported import ImportedRun, LogKind, import_log
from dokja.adapters.harness.inspect_ai import InspectHarness, Judge
from dokja.adapters.harness.llama_cpp import LlamaCppHarness, gguf_digest
from dokja.adapters.harness.lm_eval import LmEvalHarness
from dokja.adapters.harness.next_llama import llama_tokens
from dokja.adapters.harness.next_onnx import onnx_tokens
from dokja.adapters.harness.next_tokens import transformers_tokens
from dokja.adapters.harness.server import Patience
from dokja.adapters.harness.text_reader import TransformersReader
from dokja.adapters.harness.transformers_text import TransformersHarness

__all__ = [
    "EchoedChoices",
    "Endpoint",
    "EndpointHarness",
    "ImportedRun",
    "InspectHarness",
    "Judge",
    "LlamaCppHarness",
    "LmEvalHarness",
    "LogKind",
    "Patience",
    "Sampling",
    "TransformersHarness",
    "TransformersReader",
    "gguf_digest",
    "import_log",
    "llama_tokens",
    "onnx_tokens",
    "transformers_tokens",
]
