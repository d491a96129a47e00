"""Many people who vote at once, in a process of their own; everything they saw kept.

    python -m benchmarks.web.voters PORT PEOPLE.json LEDGER.jsonl VOTES ABREAST PAUSE

Each person opens the battle page, reads the form's token and ticket, and sends a
verdict. Who gets no answer asks again: the same vote, until it is acknowledged. The
ledger says what was sent, what was acknowledged and how long it took; nothing else
of the run is believed. One line of standard output for every ten votes.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from benchmarks.web.client import Answer, Browser, Lost

RETRY = 0.2
BATTLE, JOIN, DONE = "/contest/battle", "/contest/join", "/contest/done"
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
_TICKET = re.compile(r'name="ticket" value="([^"]+)"')
_NUMBER = re.compile(
    r'class="judge verdict" method="post" action="/contest/battle/(\d+)"'
)
_ANSWER = re.compile(r"<div data-words[^>]*>(.*?)</div>", re.DOTALL)


@dataclass
class Run:
    """What all the people of a run have in common."""

    port: int
    people: Iterator[tuple[int, str]]
    ledger: TextIO
    votes: int
    pause: float
    """Mean seconds a person reads before they vote."""
    acknowledged: int = 0
    problems: list[str] = field(default_factory=list)

    def note(self, kind: str, *what: object) -> None:
        """Write it down."""
        self.ledger.write(json.dumps([kind, *what]) + "\n")

    @property
    def is_over(self) -> bool:
        """Whether enough votes were acknowledged."""
        return self.acknowledged >= self.votes


@dataclass
class Asked:
    """An answer, and how it came."""

    answer: Answer
    seconds: float
    """From the first try to the answer."""
    tries: int


async def insisted(browser: Browser, path: str, fields: dict[str, str] | None) -> Asked:
    """The answer, asked for again until there is one."""
    started, tries = time.perf_counter(), 0
    while True:
        tries += 1
        try:
            if fields is None:
                answer = await browser.get(path)
            else:
                answer = await browser.post(path, fields)
        except Lost:
            await asyncio.sleep(RETRY)
            continue
        return Asked(answer, time.perf_counter() - started, tries)


async def person(run: Run, number: int, token: str) -> None:
    """Votes until there is no battle left, or enough was voted."""
    browser = Browser(run.port, {"dokja-session": token})
    if run.pause:
        await asyncio.sleep(run.pause * drawn(number, "arrival"))
    try:
        while not run.is_over:
            page = await insisted(browser, BATTLE, None)
            if page.answer.status == 303:
                if page.answer.location != JOIN or not await joined(run, browser):
                    return
                continue
            if page.answer.status != 200:
                run.problems.append(f"page {page.answer.status}")
                return
            run.note("page", number, page.seconds, page.tries)
            if not await voted(run, browser, number, page.answer.text):
                return
    finally:
        browser.close()


async def joined(run: Run, browser: Browser) -> bool:
    """Whether the person was let in."""
    page = await insisted(browser, JOIN, None)
    if page.answer.status != 200:
        return page.answer.location == BATTLE
    fields = {"csrf": found(_CSRF, page.answer.text), "employer": ""}
    sent = await insisted(browser, JOIN, fields)
    if sent.answer.status != 303:
        run.problems.append(f"join {sent.answer.status}")
    return sent.answer.status == 303


async def voted(run: Run, browser: Browser, number: int, text: str) -> bool:
    """Whether the vote on this page was acknowledged."""
    battle = int(found(_NUMBER, text))
    choice = judged(number, battle, text)
    if run.pause:
        await asyncio.sleep(run.pause * (0.5 + drawn(number, battle, "pause")))
    fields = {
        "csrf": found(_CSRF, text),
        "ticket": found(_TICKET, text),
        "choice": choice,
    }
    run.note("sent", number, battle, choice)
    sent = await insisted(browser, f"{BATTLE}/{battle}", fields)
    if (sent.answer.status, sent.answer.location) != (303, BATTLE):
        run.problems.append(f"vote {sent.answer.status}")
        return False
    run.note("acknowledged", number, battle, choice, sent.seconds, sent.tries)
    run.acknowledged += 1
    if run.acknowledged % 10 == 0:
        print(run.acknowledged, flush=True)
    return True


def judged(number: int, battle: int, text: str) -> str:
    """A verdict: mostly for the longer answer, sometimes a tie; drawn, not random."""
    left, right = (len(words) for words in _ANSWER.findall(text))
    draw = drawn(number, battle, "choice")
    if draw < 0.15:
        return "tie"
    if draw < 0.2:
        return "both_bad"
    return "left" if (left >= right) == (draw < 0.72) else "right"


def drawn(*subject: object) -> float:
    """A number from 0 to 1 that belongs to the subject."""
    digest = hashlib.sha256(repr(subject).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def found(pattern: re.Pattern[str], text: str) -> str:
    """What the pattern finds. Raises: ValueError where the page has none."""
    match = pattern.search(text)
    if match is None:
        raise ValueError(f"no {pattern.pattern} on the page:\n{text[:2000]}")
    return match[1]


async def abreast(run: Run, count: int) -> None:
    """As many people at once as is said; one who is done makes way for the next."""

    async def place() -> None:
        for number, token in run.people:
            await person(run, number, token)
            if run.is_over:
                return

    await asyncio.gather(*(place() for _ in range(count)))


def main(arguments: list[str]) -> int:
    """Runs what is asked for; 1 where anything but a lost line went wrong."""
    port, people, ledger, votes, count, pause = arguments
    with Path(ledger).open("a", encoding="utf-8") as lines:
        run = Run(
            port=int(port),
            people=iter(json.loads(Path(people).read_text())),
            ledger=lines,
            votes=int(votes),
            pause=float(pause),
        )
        started = time.perf_counter()
        asyncio.run(abreast(run, int(count)))
        run.note("end", time.perf_counter() - started, time.process_time())
    for problem in sorted(set(run.problems)):
        print(f"{problem}: {run.problems.count(problem)}", file=sys.stderr)
    return 1 if run.problems or not run.is_over else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
