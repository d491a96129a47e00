"""What this machine and uvicorn do where there is next to nothing to do.

    python -m benchmarks.web.limit bare PORT
    python -m benchmarks.web.limit ask PORT PATH REQUESTS ABREAST

The first serves a FastAPI page that returns a constant of a battle page's size, from
a plain function as ours are; the second asks for a page and prints how long it took.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

import uvicorn
from fastapi import FastAPI
from starlette.responses import HTMLResponse

from benchmarks.web.client import Browser

PAGE = "<p>" + "가나다 " * 800 + "</p>"


def bare(port: int) -> None:
    """Serves the constant."""
    app = FastAPI(openapi_url=None)

    @app.get("/constant")
    def constant() -> HTMLResponse:
        return HTMLResponse(PAGE)

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


async def ask(port: int, path: str, requests: int, abreast: int) -> list[float]:
    """Seconds of each request, as many at once as is said."""
    left = iter(range(requests))
    taken: list[float] = []

    async def place() -> None:
        browser = Browser(port, {})
        for _ in left:
            started = time.perf_counter()
            answer = await browser.get(path)
            if answer.status != 200:
                raise ValueError(f"{path}: {answer.status}")
            taken.append(time.perf_counter() - started)
        browser.close()

    await asyncio.gather(*(place() for _ in range(abreast)))
    return taken


def main(arguments: list[str]) -> None:
    """Runs what is asked for."""
    if arguments[0] == "bare":
        bare(int(arguments[1]))
        return
    port, path, requests, abreast = arguments[1:]
    started = time.perf_counter()
    taken = asyncio.run(ask(int(port), path, int(requests), int(abreast)))
    print(json.dumps([time.perf_counter() - started, taken]))


if __name__ == "__main__":
    main(sys.argv[1:])
