"""The witness's acts: cosign a head, issue a nonce, draw a challenge.

Source: C2SP tlog-witness (2025), whose request and refusals these are.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from enum import Enum

from dokja.errors import Conflict, InvalidInput, NotAllowed
from dokja.evidence.merkle import is_consistent
from dokja.training.ports import NoteKey, NoteSigner, WitnessBook
from dokja.training.statements import signed_statement
from dokja.training.tree_heads import cosignature, is_signed, read_head
from dokja.training.values import (
    Challenge,
    Nonce,
    SignedHead,
    WitnessedHead,
)

REQUEST_BYTES = 1 << 17
_PROOF = 63


class Refusal(Enum):
    """Why a witness does not cosign; the door maps each to its status."""

    STALE = "the log is known at another size"
    FORKED = "the proof does not lead from the known head to this one"


@dataclass(frozen=True)
class Refused:
    """A refusal, with the size at which the witness knows the log."""

    why: Refusal
    known: int


@dataclass(frozen=True)
class Witness:
    """Key and memory of one witness."""

    name: str
    signer: NoteSigner
    book: WitnessBook


@dataclass(frozen=True)
class HeadRequest:
    """A head with the proof that it extends one of `old` entries."""

    old: int
    proof: tuple[bytes, ...]
    signed: SignedHead


def request_body(old: int, proof: tuple[bytes, ...], note: str) -> bytes:
    """The body in which a log asks for a cosignature."""
    lines = [f"old {old}", *(base64.b64encode(node).decode() for node in proof)]
    return ("\n".join(lines) + "\n\n" + note).encode()


def read_request(body: bytes) -> HeadRequest:
    """The request in a body.

    Raises: InvalidInput where it is none.
    """
    if len(body) > REQUEST_BYTES:
        raise _malformed(f"it has more than {REQUEST_BYTES} bytes")
    top, _, note = body.partition(b"\n\n")
    lines = top.split(b"\n")
    first, proof = lines[0], lines[1:]
    digits = first.removeprefix(b"old ")
    if not first.startswith(b"old ") or not digits.isdigit() or len(digits) > 16:
        raise _malformed("it does not begin with the old size")
    if len(proof) > _PROOF:
        raise _malformed(f"the proof has more than {_PROOF} hashes")
    return HeadRequest(int(digits), tuple(map(_node, proof)), read_head(note))


def cosign_head(
    request: HeadRequest, *, team: NoteKey, witness: Witness, now: int
) -> str | Refused:
    """The cosignature line, or why there is none.

    What was seen is kept before it is said: a witness that forgot could be led
    along a second history.

    Raises: NotAllowed where the head is not the team's; Conflict where the clock
    stands before something the witness has already signed.
    """
    head = request.signed.head
    if not is_signed(request.signed, team):
        raise NotAllowed(
            "the head is not signed by the key of its team",
            remedy="register the key with the organiser, and sign with it",
        )
    known = witness.book.latest(head.origin)
    size = known.head.size if known else 0
    if request.old != size:
        return Refused(Refusal.STALE, size)
    if known is not None and not is_consistent(
        (size, known.head.root), (head.size, head.root), request.proof
    ):
        return Refused(Refusal.FORKED, size)
    if known is None and request.proof:
        return Refused(Refusal.FORKED, 0)
    _refuse_earlier(now, witness.book)
    witness.book.advance(known, WitnessedHead(head=head, at=now))
    return cosignature(head, witness.signer, name=witness.name, at=now)


def issue_nonce(origin: str, *, witness: Witness, value: str, now: int) -> bytes:
    """A signed nonce: a record that begins with it was begun after this second.

    Raises: Conflict where the clock stands before what was signed already.
    """
    _refuse_earlier(now, witness.book)
    nonce = Nonce(origin=origin, value=value, at=now)
    witness.book.add_nonce(nonce)
    return signed_statement(nonce, witness.signer)


def draw_challenge(
    origin: str, *, witness: Witness, random: bytes, one_in: int
) -> Challenge | None:
    """A new challenge to the log in one of `one_in` calls, by 16 random bytes.

    It asks for the last checkpoint before an entry that was already cosigned, so
    nothing can be prepared for it.
    """
    known = witness.book.latest(origin)
    if (
        known is None
        or not known.head.size
        or int.from_bytes(random[:8], "big") % one_in
    ):
        return None
    entry = int.from_bytes(random[8:16], "big") % known.head.size + 1
    challenge = Challenge(
        id=random.hex(),
        origin=origin,
        entry=entry,
        at=known.at,
    )
    witness.book.add_challenge(challenge)
    return challenge


def _refuse_earlier(now: int, book: WitnessBook) -> None:
    last = book.last_moment()
    if now < last:
        raise Conflict(
            f"the witness's clock says {now} and it has already signed {last}",
            remedy="set the clock right; nothing is cosigned until it has caught up",
        )


def _node(text: bytes) -> bytes:
    try:
        node = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _malformed("a hash of the proof is not base64") from error
    if len(node) != 32:
        raise _malformed("a hash of the proof does not have 32 bytes")
    return node


def _malformed(fact: str) -> InvalidInput:
    return InvalidInput(
        f"this is no request for a cosignature: {fact}",
        remedy="send what C2SP tlog-witness describes",
    )
