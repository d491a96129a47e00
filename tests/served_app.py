"""An app on a port of this machine, and windows of people who sign in to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page


@contextmanager
def served_app(app: FastAPI) -> Iterator[str]:
    """The address of a real server, which ends with the block."""
    server = uvicorn.Server(
        uvicorn.Config(
            app, port=0, log_level="critical", access_log=False, server_header=False
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def window_of(
    browser: Browser, address: str, login: str, password: str, *, scripts: bool = True
) -> Page:
    """A new browser of somebody, signed in through the real page."""
    context = browser.new_context(
        locale="en-GB", base_url=address, java_script_enabled=scripts
    )
    page = context.new_page()
    page.goto("/signin")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(password)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "/signin" not in url)
    return page
