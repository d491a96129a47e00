"""The witness's app: parse, ask its desk, answer as C2SP tlog-witness says.

An app of its own in this door, never mounted beside the office's pages: it runs in
another process, with another key.
"""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

from dokja.errors import Conflict, DokjaError, InvalidInput, NotAllowed
from dokja.training.cosign import REQUEST_BYTES, Refusal, Refused
from dokja.wiring.witness import WitnessDesk

_STATUS: tuple[tuple[type[DokjaError], int], ...] = (
    (InvalidInput, 400),
    (NotAllowed, 403),
    (Conflict, 503),
)
_REFUSED = {Refusal.STALE: 409, Refusal.FORKED: 422}


def make_witness_app(desk: WitnessDesk) -> FastAPI:
    """The app of one witness."""
    app = FastAPI(
        title="dokja witness", docs_url=None, redoc_url=None, openapi_url=None
    )

    @app.post("/add-checkpoint")
    async def add_checkpoint(request: Request) -> Response:
        body = await _bounded(request)
        if body is None:
            return PlainTextResponse("the request is too large\n", 413)
        answer = await run_in_threadpool(desk.cosign, body)
        if isinstance(answer, Refused):
            kind = "text/x.tlog.size" if answer.why is Refusal.STALE else "text/plain"
            return Response(f"{answer.known}\n", _REFUSED[answer.why], media_type=kind)
        return PlainTextResponse(answer)

    @app.post("/nonces")
    def nonces(origin: str) -> Response:
        return Response(desk.nonce(origin), media_type="application/json")

    @app.post("/challenges")
    def challenges(origin: str) -> Response:
        drawn = desk.challenge(origin)
        if drawn is None:
            return Response(status_code=204)
        return Response(drawn, media_type="application/json")

    @app.get("/challenges")
    def kept(origin: str) -> Response:
        return Response(desk.challenges(origin), media_type="application/json")

    @app.exception_handler(DokjaError)
    async def refuse(request: Request, error: DokjaError) -> Response:
        del request
        status = next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
        return PlainTextResponse(f"{error.fact}\n", status)

    return app


async def _bounded(request: Request) -> bytes | None:
    """The body; None where it is larger than any request."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > REQUEST_BYTES:
            return None
    return bytes(body)
