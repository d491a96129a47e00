"""What executes one program within the walls and says how it ended.

Run as a text of its own, so it imports nothing of Dokja. The one word that leaves
is written after its tests are through. The program's output goes nowhere; where it
was asked for, the beginning of what it prints follows the word.
"""

from __future__ import annotations

import io
import json
import os
import sys

FACT_LETTERS = 300


class Beginning(io.TextIOBase):
    """What is printed, up to a bound; the rest is forgotten as it comes."""

    def __init__(self, letters: int) -> None:
        self.kept, self.room = "", letters

    def writable(self) -> bool:
        """Always: a program that prints too much goes on."""
        return True

    def write(self, text: str) -> int:
        """Number of letters taken, as if all were kept."""
        taken = text[: self.room]
        self.kept += taken
        self.room -= len(taken)
        return len(text)


def main() -> None:
    """Nothing; ends the process once the word is written."""
    orders = json.load(sys.stdin)
    told, nowhere = os.dup(1), os.open("/dev/null", os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    word, program = orders["word"], orders["program"]
    printed = Beginning(orders.get("letters", 0))
    name = "answer"
    if printed.room:
        sys.stdout, name = printed, "__main__"
    del orders
    try:
        exec(compile(program, "answer", "exec"), {"__name__": name})  # noqa: S102
    except BaseException as error:  # noqa: BLE001 - whatever it raised, it failed
        word = f"{type(error).__name__}: {error}"[:FACT_LETTERS].replace("\0", " ")
    if printed.kept:
        word += "\0" + printed.kept
    os.write(told, word.encode("utf-8", "replace"))
    os._exit(0)


if __name__ == "__main__":
    main()
