"""Tree heads as signed notes, and a witness's cosignatures under them.

Source: C2SP signed-note, tlog-checkpoint and tlog-cosignature (2025), Ed25519.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

from dokja.errors import InvalidInput
from dokja.training.ports import NoteKey, NoteSigner
from dokja.training.values import NoteSignature, SignedHead, TreeHead

NOTE_BYTES = 1 << 16
_PLAIN, _COSIGNATURE = 0x01, 0x04
_SIGNATURE_BYTES = 64
_SIGNATURES = 100
_ORIGIN = re.compile(r"[A-Za-z0-9._-]{1,80}/[A-Za-z0-9._-]{1,80}")
_SIGNED = re.compile(r"— (?P<name>[^\s+]{1,200}) (?P<blob>[A-Za-z0-9+/=]{8,400})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")


def checked_origin(team: str, run: str) -> str:
    """`team/run`, the name under which a log is signed and witnessed.

    Raises: InvalidInput where a part is empty or holds anything but ASCII
    letters, digits, dot, dash and underscore.
    """
    origin = f"{team}/{run}"
    if not _ORIGIN.fullmatch(origin):
        raise InvalidInput(
            f"{origin!r} cannot name a training record",
            remedy="name team and run with letters, digits, '.', '-' and '_'",
        )
    return origin


def signed_head(head: TreeHead, signer: NoteSigner) -> str:
    """The note: the head's text with the log's signature."""
    text = _text(head)
    key = _key_hash(head.origin, _PLAIN, signer.verifier.raw)
    return f"{text}\n{_line(head.origin, key + signer.sign(text.encode()))}"


def cosignature(head: TreeHead, signer: NoteSigner, *, name: str, at: int) -> str:
    """The line by which a witness says that it saw the head at that second."""
    key = _key_hash(name, _COSIGNATURE, signer.verifier.raw)
    signed = signer.sign(_cosigned(_text(head), at))
    return _line(name, key + at.to_bytes(8, "big") + signed)


def read_head(note: bytes) -> SignedHead:
    """The head of a note with its signatures, none of them checked.

    Raises: InvalidInput where it is no checkpoint of one of our logs.
    """
    if len(note) > NOTE_BYTES:
        raise _refused(f"it has more than {NOTE_BYTES} bytes")
    try:
        text, _, rest = note.decode().rpartition("\n\n")
    except UnicodeDecodeError as error:
        raise _refused("it is not UTF-8") from error
    lines = text.split("\n")
    if len(lines) != 3 or not rest.endswith("\n"):
        raise _refused("it does not have the three lines of a checkpoint")
    origin, size, root = lines
    if not _ORIGIN.fullmatch(origin) or not _SIZE.fullmatch(size):
        raise _refused("origin or size is not in its form")
    head = TreeHead(origin=origin, size=int(size), root=_decoded(root))
    if len(head.root) != 32 or _text(head) != text + "\n":
        raise _refused("its root is not 32 bytes in base64")
    return SignedHead(head=head, text=text + "\n", signatures=_signatures(rest))


def is_signed(signed: SignedHead, key: NoteKey) -> bool:
    """Whether the key signed the head under the log's own name."""
    wanted = _key_hash(signed.head.origin, _PLAIN, key.raw)
    return any(
        line.name == signed.head.origin
        and line.blob[:4] == wanted
        and len(line.blob) == 4 + _SIGNATURE_BYTES
        and key.is_valid(signed.text.encode(), line.blob[4:])
        for line in signed.signatures
    )


def cosigned_at(signed: SignedHead, key: NoteKey) -> int | None:
    """The first second at which the key cosigned the head, if it did."""
    moments = [
        at
        for line in signed.signatures
        if (at := _moment(line, signed.text, key)) is not None
    ]
    return min(moments, default=None)


def with_cosignatures(note: str, lines: str) -> str:
    """The note with more signature lines under it, each once.

    Raises: InvalidInput where a line is none.
    """
    known = _signatures(note.rpartition("\n\n")[2])
    fresh = [line for line in _signatures(lines) if line not in known]
    return note + "".join(_line(line.name, line.blob) for line in fresh)


def _moment(line: NoteSignature, text: str, key: NoteKey) -> int | None:
    if line.blob[:4] != _key_hash(line.name, _COSIGNATURE, key.raw):
        return None
    if len(line.blob) != 4 + 8 + _SIGNATURE_BYTES:
        return None
    at = int.from_bytes(line.blob[4:12], "big")
    return at if key.is_valid(_cosigned(text, at), line.blob[12:]) else None


def _text(head: TreeHead) -> str:
    return f"{head.origin}\n{head.size}\n{base64.b64encode(head.root).decode()}\n"


def _cosigned(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _key_hash(name: str, kind: int, raw: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + raw).digest()[:4]


def _line(name: str, blob: bytes) -> str:
    return f"— {name} {base64.b64encode(blob).decode()}\n"


def _signatures(text: str) -> tuple[NoteSignature, ...]:
    lines = text.split("\n")[:-1]
    if len(lines) > _SIGNATURES:
        raise _refused(f"it has more than {_SIGNATURES} signatures")
    found = [_SIGNED.fullmatch(line) for line in lines]
    if not all(found):
        raise _refused("a signature line is not in its form")
    return tuple(
        NoteSignature(name=line["name"], blob=_decoded(line["blob"]))
        for line in found
        if line
    )


def _decoded(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _refused("it holds text that is not base64") from error
    if base64.b64encode(data).decode() != text:
        # Bits that no byte uses could be changed without changing the value.
        raise _refused("its base64 is not in its one form")
    return data


def _refused(fact: str) -> InvalidInput:
    return InvalidInput(
        f"the tree head is no signed note: {fact}",
        remedy="hand in the file as the recorder or the witness wrote it",
    )
