"""What every replay has on the screen: headings, citations, how it ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text as Line

from dokja.evidence.values import Text
from dokja.replay.values import Source

ENDING = {
    "unknown": Text(
        "공개되지 않아 비워 둔 사항", "Not published, and therefore left empty"
    ),
    "sources": Text("출처", "Sources"),
    "rules": Text("규정 해시", "rules"),
}
"""Words that `ending` writes, besides the heading of the events."""


class ReplayWriter:
    """Writes to a console in one language; a source is numbered where first cited."""

    def __init__(self, console: Console, words: Mapping[str, Text], lang: str) -> None:
        self._console = console
        self._words = words
        self._lang = lang
        self._numbers: dict[Source, int] = {}

    def write_ending(
        self,
        events: Iterable[tuple[str, Text, Sequence[Source]]],
        unknown: Iterable[Text],
        *,
        correction: Text,
        rules_digest: str,
    ) -> None:
        """Write the dates, the unknown, the sources and how to correct."""
        self._heading("events")
        for on, text, sources in events:
            self._print(f"{on}  {self._say(text)} {self._cited(sources)}")
        self._heading("unknown")
        for each in unknown:
            self._print(f"- {self._say(each)}")
        self._heading("sources")
        for source, number in self._numbers.items():
            self._print(
                f"[{number}] {source.publisher}, {source.date}: {source.subject}"
            )
        self._console.print()
        self._print(self._say(correction), indent=0, style="dim")
        digest = f"{self._word('rules')}: {rules_digest}"
        self._print(digest, indent=0, style="dim")

    def _cited(self, sources: Sequence[Source]) -> str:
        """`[1, 4]`: each source gets its number where it is first cited."""
        if not sources:
            return ""
        numbers = sorted(
            self._numbers.setdefault(source, len(self._numbers) + 1)
            for source in sources
        )
        return f"[{', '.join(str(number) for number in numbers)}]"

    def _heading(self, word: str) -> None:
        self._console.print()
        self._console.print(Line(self._word(word), style="bold cyan"))

    def _print(self, text: str, *, indent: int = 2, style: str = "") -> None:
        self._console.print(
            Padding(Line(text, style=style), (0, 0, 0, indent), expand=False)
        )

    def _word(self, word: str) -> str:
        return self._say(self._words[word])

    def _say(self, text: Text) -> str:
        return text.ko if self._lang == "ko" else text.en
