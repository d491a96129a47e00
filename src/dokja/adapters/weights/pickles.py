"""Recognises pickle checkpoints, which run code when they are opened."""

from __future__ import annotations

import pickletools
import re
import shlex
from pathlib import PurePosixPath

from dokja.adapters.weights.byte_source import ByteSource
from dokja.errors import InvalidInput

PICKLE_SUFFIXES = frozenset({".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle"})
ZIP_MAGIC = b"PK\x03\x04"
PROTO = 0x80
"""The opcode a pickle of protocol 2 or later begins with."""


HEAD, TAIL = 1 << 12, 1 << 20
"""Bytes of an archive that are searched for names, in front and at its end."""
ENTRY = re.compile(
    rb"PK(?:\x03\x04.{26}|\x01\x02.{42})[^\0]{0,256}?\.(?:pkl|pickle)", re.DOTALL
)
"""A file's entry in an archive, before its bytes or in the list at the end."""


def refuse_pickle(source: ByteSource, shown: str) -> None:
    """Nothing. Raises: InvalidInput where the file is a pickle checkpoint.

    By name, and by content whatever the name. A pickle of protocol 0 or 1
    has no mark to see; it is harmless here, as nothing is ever unpickled.
    """
    if is_named_pickle(shown):
        raise _refusal(shown, "has the name of a pickle checkpoint")
    refuse_pickled(source, shown)


def refuse_pickled(source: ByteSource, shown: str) -> None:
    """Nothing. Raises: InvalidInput where the file's content is a pickle."""
    head = source.read(0, min(source.size, HEAD))
    if _is_pickle_stream(head[:9]):
        raise _refusal(shown, "is a pickle")
    if head.startswith(ZIP_MAGIC):
        tail = source.read(max(0, source.size - TAIL), source.size)
        if ENTRY.search(head) or ENTRY.search(tail):
            raise _refusal(shown, "is an archive that holds a pickle")


def refuse_foreign(source: ByteSource) -> None:
    """Nothing. Raises: InvalidInput where the file can be no safetensors file.

    Only its first bytes are looked at, to say what the file is instead.
    """
    refuse_pickled(source, source.shown)
    head = source.read(0, min(source.size, 9))
    if head.startswith(ZIP_MAGIC):
        raise InvalidInput(
            f"{source.shown} is an archive",
            remedy="unpack it and name the folder: archives are not opened",
        )
    is_named_so = source.shown.endswith(".safetensors")
    if not is_named_so and head[8:] != b"{":
        raise InvalidInput(
            f"{source.shown} is neither safetensors nor GGUF, and is not named as ONNX",
            remedy="name a file of weights, or convert this one to safetensors with "
            "the program that wrote it",
        )


def is_named_pickle(name: str) -> bool:
    """Whether the name is one that pickle checkpoints have."""
    return PurePosixPath(name).suffix.lower() in PICKLE_SUFFIXES


def _is_pickle_stream(head: bytes) -> bool:
    """Whether the bytes open a pickle and not a safetensors header.

    A safetensors file starts with a length whose low bytes can look like a
    pickle's opening; its ninth byte is then the brace of the header.
    """
    if len(head) < 3 or head[0] != PROTO or head[1] not in range(2, 6):
        return False
    opcodes = {ord(opcode.code) for opcode in pickletools.opcodes}
    is_safetensors = head[4:] == b"\0\0\0\0{"
    return head[2] in opcodes and not is_safetensors


def _refusal(shown: str, what: str) -> InvalidInput:
    target = str(PurePosixPath(shown).with_suffix(".safetensors"))
    script = (
        "import sys, torch; from safetensors.torch import save_file; "
        "weights = torch.load(sys.argv[1], map_location='cpu', weights_only=True); "
        "weights = weights.get('state_dict', weights); "
        "save_file({k: v.clone() for k, v in weights.items()}, sys.argv[2])"
    )
    command = shlex.join(["python", "-c", script, shown, target])
    return InvalidInput(
        f"{shown} {what}: opening one runs whatever code it carries",
        remedy=f"convert it and hand in the result instead: {command}",
    )
