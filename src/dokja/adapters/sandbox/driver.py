"""What executes one program within the walls and says how it ended.

Run as a text of its own, so it imports nothing of Dokja. The program's output
goes nowhere; the one word that leaves is written after its tests are through.
"""

from __future__ import annotations

import json
import os
import sys

FACT_LETTERS = 300


def main() -> None:
    """Nothing; ends the process once the word is written."""
    orders = json.load(sys.stdin)
    told, nowhere = os.dup(1), os.open("/dev/null", os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    word, program = orders["word"], orders["program"]
    del orders
    try:
        exec(compile(program, "answer", "exec"), {"__name__": "answer"})  # noqa: S102
    except BaseException as error:  # noqa: BLE001 - whatever it raised, it failed
        fact = f"{type(error).__name__}: {error}"[:FACT_LETTERS]
        os.write(told, fact.encode("utf-8", "replace"))
    else:
        os.write(told, word.encode())
    os._exit(0)


if __name__ == "__main__":
    main()
