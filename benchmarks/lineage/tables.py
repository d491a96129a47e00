"""The page on lineage accuracy, computed from the bench's JSON lines.

    .venv/bin/python benchmarks/lineage/tables.py FILE… --out docs/lineage-accuracy.md

Of several records of one pair and method the last one counts, so that a method
can be run again into a file of its own. Nothing on the page is typed by hand
but the words between the tables.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import sections
from records import read


def main() -> None:
    """Writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    bench = read(asked.files)
    parts = [section(bench) for section in sections.ORDER]
    asked.out.write_text("\n\n".join(part for part in parts if part) + "\n")


if __name__ == "__main__":
    main()
