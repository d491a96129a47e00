"""Requests to a witness, with a time limit and bounded answers."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import quote, urlsplit

from dokja.errors import InvalidInput, NotAllowed, Unavailable

_ANSWER_BYTES = 1 << 17
_DONE, _NOTHING, _STALE = 200, 204, 409
_SECONDS = 10.0


class HttpWitness:
    """Implements `WitnessLink` over HTTP or HTTPS."""

    def __init__(self, address: str, *, seconds: float = _SECONDS) -> None:
        """Keeps the address; nothing is asked yet.

        Raises: InvalidInput where it is none.
        """
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InvalidInput(
                f"{address!r} is no address of a witness",
                remedy="give one such as https://witness.example",
            )
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._base, self._seconds = parts.path.rstrip("/"), seconds

    def nonce(self, origin: str) -> bytes:
        """A signed nonce for a new log.

        Raises: Unavailable or NotAllowed where the witness gives none.
        """
        status, body = self._post(f"/nonces?origin={quote(origin)}", b"")
        if status != _DONE:
            raise _refused(status, body)
        return body

    def cosign(self, body: bytes) -> str | int:
        """Signature lines, or the size at which the witness knows the log.

        Raises: Unavailable or NotAllowed where it answers neither.
        """
        status, answer = self._post("/add-checkpoint", body)
        if status == _DONE:
            return answer.decode(errors="replace")
        if status == _STALE and answer.strip().isdigit() and len(answer) < 20:
            return int(answer)
        raise _refused(status, answer)

    def challenge(self, origin: str) -> bytes | None:
        """A signed challenge, where one was drawn.

        Raises: Unavailable or NotAllowed where the witness does not say.
        """
        status, body = self._post(f"/challenges?origin={quote(origin)}", b"")
        if status == _NOTHING:
            return None
        if status != _DONE:
            raise _refused(status, body)
        return body

    def _post(self, path: str, body: bytes) -> tuple[int, bytes]:
        kind = HTTPSConnection if self._secure else HTTPConnection
        connection = kind(self._host, self._port, timeout=self._seconds)
        try:
            connection.request("POST", self._base + path, body)
            answer = connection.getresponse()
            return answer.status, answer.read(_ANSWER_BYTES)
        except (OSError, HTTPException) as error:
            raise Unavailable(
                f"the witness does not answer: {error}",
                remedy="check its address; heads are kept until it does",
            ) from error
        finally:
            connection.close()


def _refused(status: int, body: bytes) -> NotAllowed:
    said = body[:200].decode(errors="replace")
    return NotAllowed(
        f"the witness refused with {status}: {said}",
        remedy="ask the organiser whether this team's key is registered",
    )
