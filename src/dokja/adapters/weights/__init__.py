"""Weights on disk: folders somebody handed in, read within bounds.

Nothing here unpickles, follows a link or leaves the folder it was given.
"""

from dokja.adapters.weights.folder import LocalModelFolder
from dokja.adapters.weights.gguf_checkpoint import GgufCheckpoint
from dokja.adapters.weights.opening import open_checkpoint
from dokja.adapters.weights.safetensors_checkpoint import SafetensorsCheckpoint
from dokja.adapters.weights.subject import find_subject, open_subject

__all__ = [
    "GgufCheckpoint",
    "LocalModelFolder",
    "SafetensorsCheckpoint",
    "find_subject",
    "open_checkpoint",
    "open_subject",
]
