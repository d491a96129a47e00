"""Recognises pickle checkpoints, which run code when they are opened."""

from __future__ import annotations

import pickletools
import shlex
import zipfile
from pathlib import Path, PurePosixPath

from dokja.errors import InvalidInput

PICKLE_SUFFIXES = frozenset({".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle"})
ZIP_MAGIC = b"PK\x03\x04"
PROTO = 0x80
"""The opcode a pickle of protocol 2 or later begins with."""


def refuse_pickle(place: Path, shown: str) -> None:
    """Nothing. Raises: InvalidInput where the file is a pickle checkpoint.

    By name, and by content whatever the name. A pickle of protocol 0 or 1
    has no mark to see; it is harmless here, as nothing is ever unpickled.
    """
    if PurePosixPath(shown).suffix.lower() in PICKLE_SUFFIXES:
        raise _refusal(shown, "has the name of a pickle checkpoint")
    with place.open("rb") as stream:
        head = stream.read(9)
    if _is_pickle_stream(head):
        raise _refusal(shown, "is a pickle")
    if head.startswith(ZIP_MAGIC) and _holds_pickle(place):
        raise _refusal(shown, "is an archive that holds a pickle")


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


def _holds_pickle(place: Path) -> bool:
    try:
        with zipfile.ZipFile(place) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    return any(
        PurePosixPath(name).suffix.lower() in {".pkl", ".pickle"} for name in names
    )


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
