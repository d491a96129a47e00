"""A DSSE envelope is what other DSSE tools make and take."""

from __future__ import annotations

import base64
import hashlib
import hmac

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256

from dokja.errors import InvalidInput
from dokja.evidence.statement import (
    Envelope,
    Signature,
    open_statement,
    sign_statement,
)

_TYPE = "http://example.com/HelloWorld"


class EcdsaVerifier:
    """The P-256 key of the DSSE specification's own example."""

    key_id = "example"
    _key = ec.EllipticCurvePublicNumbers(
        x=46950820868899156662930047687818585632848591499744589407958293238635476079160,
        y=5640078356564379163099075877009565129882514886557779369047442380624545832820,
        curve=ec.SECP256R1(),
    ).public_key()

    def is_valid(self, message: bytes, signature: bytes) -> bool:
        """Whether r and s, 32 bytes each, sign the message."""
        r, s = signature[:32], signature[32:]
        encoded = utils.encode_dss_signature(
            int.from_bytes(r, "big"), int.from_bytes(s, "big")
        )
        try:
            self._key.verify(encoded, message, ec.ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return True


class KeyedHash:
    """A signer whose signature shows exactly which bytes were signed."""

    key_id = "sha256:00"

    def sign(self, message: bytes) -> bytes:
        """Keyed digest of the message."""
        return hmac.digest(b"key", message, hashlib.sha256)

    def is_valid(self, message: bytes, signature: bytes) -> bool:
        """Whether the digest is of this message."""
        return hmac.compare_digest(signature, self.sign(message))


# DSSE v1.0.2, protocol.md, test vectors.
_PUBLISHED = Envelope(
    payload="aGVsbG8gd29ybGQ=",
    payload_type=_TYPE,
    signatures=(
        Signature(
            keyid="66301bbf",
            sig="A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJ"
            "PcIAriEGAHTVeCUjW2JIZA==",
        ),
    ),
)


def test_the_specification_s_example_opens() -> None:
    """Its signature covers type and payload in the specified encoding."""
    opened = open_statement(_PUBLISHED, payload_type=_TYPE, verifier=EcdsaVerifier())
    assert opened == b"hello world"


def test_the_signed_bytes_are_the_specified_encoding() -> None:
    """Lengths in front keep type and payload from running into each other."""
    envelope = sign_statement(b"hello world", payload_type=_TYPE, signer=KeyedHash())
    expected = KeyedHash().sign(b"DSSEv1 29 " + _TYPE.encode() + b" 11 hello world")
    assert base64.b64decode(envelope.signatures[0].sig) == expected
    assert envelope.signatures[0].keyid == "sha256:00"


def test_the_url_safe_alphabet_is_read_too() -> None:
    """DSSE leaves the choice of alphabet to the signer."""
    (signature,) = _PUBLISHED.signatures
    other = signature.sig.replace("+", "-").replace("/", "_")
    assert other != signature.sig
    envelope = msgspec.structs.replace(
        _PUBLISHED, signatures=(Signature(keyid="", sig=other),)
    )
    opened = open_statement(envelope, payload_type=_TYPE, verifier=EcdsaVerifier())
    assert opened == b"hello world"


def test_one_good_signature_among_others_is_enough() -> None:
    """Several parties may sign; the reader trusts the one they know."""
    stranger = Signature(keyid="sha256:00", sig=base64.b64encode(bytes(64)).decode())
    envelope = msgspec.structs.replace(
        _PUBLISHED, signatures=(stranger, *_PUBLISHED.signatures)
    )
    opened = open_statement(envelope, payload_type=_TYPE, verifier=EcdsaVerifier())
    assert opened == b"hello world"


def test_an_envelope_of_another_type_payload_or_signer_does_not_open() -> None:
    """A signature over one kind of statement must not vouch for another."""
    as_type = msgspec.structs.replace(_PUBLISHED, payload_type="other")
    changed = msgspec.structs.replace(_PUBLISHED, payload="aGVsbG8gV29ybGQ=")
    unsigned = msgspec.structs.replace(_PUBLISHED, signatures=())
    verifier = EcdsaVerifier()
    assert open_statement(as_type, payload_type=_TYPE, verifier=verifier) is None
    assert open_statement(as_type, payload_type="other", verifier=verifier) is None
    assert open_statement(changed, payload_type=_TYPE, verifier=verifier) is None
    assert open_statement(unsigned, payload_type=_TYPE, verifier=verifier) is None


@pytest.mark.parametrize("text", ["a", "aGVs bG8=", "안녕", "a=b="])
def test_text_that_is_not_base64_is_refused(text: str) -> None:
    """A damaged download is told apart from a false signature."""
    envelope = msgspec.structs.replace(_PUBLISHED, payload=text)
    with pytest.raises(InvalidInput, match="payload is not base64"):
        open_statement(envelope, payload_type=_TYPE, verifier=EcdsaVerifier())
