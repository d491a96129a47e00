"""A real HTTP server with a catalogue, agents' cards and agents that answer, or not."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = dict[str, Any]
Answer = Callable[[BaseHTTPRequestHandler, Body], None]
"""What a page does with a request; a GET has an empty body."""


@dataclass
class AgentServer:
    """Pages by their path, and every call that was made."""

    address: str
    pages: dict[str, Answer] = field(default_factory=dict)
    calls: list[Body] = field(default_factory=list)

    def agent(self, id_: str, answer: Answer, **card: Any) -> Body:
        """The catalogue's entry of a new agent; `card` changes its manifest."""
        whole: Body = {
            "name": id_,
            "description": "An agent.",
            "version": "1",
            "url": f"{self.address}/{id_}/a2a",
            "skills": [{"id": "talk"}],
            **card,
        }
        self.pages[f"/{id_}/card"] = sends(whole)
        self.pages[f"/{id_}/a2a"] = answer
        return {"id": id_, "card": f"{self.address}/{id_}/card"}

    def catalogue(self, *entries: Body) -> str:
        """The address of a catalogue of the entries."""
        self.pages["/catalogue"] = sends({"agents": list(entries)})
        return f"{self.address}/catalogue"


def sends(body: Any, *, status: int = 200) -> Answer:
    """Answers with JSON, or with bytes as they are."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    def answer(handler: BaseHTTPRequestHandler, _: Body) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        with suppress(OSError):
            handler.wfile.write(data)

    return answer


def replies(result: Any) -> Answer:
    """Answers a call of JSON-RPC with a result."""

    def answer(handler: BaseHTTPRequestHandler, body: Body) -> None:
        sends({"jsonrpc": "2.0", "id": body["id"], "result": result})(handler, body)

    return answer


@contextmanager
def agent_server() -> Iterator[AgentServer]:
    """A server on this machine."""
    server = AgentServer("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.pages.get(self.path, sends({}, status=404))(self, {})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.calls.append(
                body
                | {
                    "_host": self.headers["Host"],
                    "_version": self.headers["A2A-Version"],
                }
            )
            server.pages.get(self.path, sends({}, status=404))(self, body)

        def log_message(self, *_: object) -> None:
            """Nothing is said on the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        server.address = f"http://localhost:{running.server_port}"
        thread = threading.Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            running.shutdown()
            thread.join()
