"""The page on lineage accuracy, computed from the bench's JSON lines.

    .venv/bin/python benchmarks/lineage/tables.py FILE… --out docs/lineage-accuracy.md \
        [--keep benchmarks/lineage/results/records.jsonl.gz]

With `--keep` the records that hold are kept, packed, so that the page can be made
again from them. Of several records of one pair and method the last one counts,
so that a method can be run again into a file of its own. Nothing on the page is
typed by hand but the words between the tables.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import missed
import own
import sections
import verdicts
from records import Bench, keep, read

ORDER: tuple[Callable[[Bench], str], ...] = (
    sections.opening,
    missed.summary,
    sections.machine,
    sections.models,
    verdicts.thresholds,
    verdicts.descendants,
    verdicts.ranking,
    verdicts.common_start,
    own.confusion,
    own.relations,
    own.maps,
    own.shares,
    sections.cost,
    sections.speed,
    missed.missed,
    missed.others,
)


def main() -> None:
    """Writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    asked.out.write_text(page(read(asked.files)), encoding="utf-8")
    if asked.keep is not None:
        asked.keep.parent.mkdir(parents=True, exist_ok=True)
        keep(asked.files, asked.keep)


def page(bench: Bench) -> str:
    """The page as Markdown."""
    parts = [section(bench) for section in ORDER]
    return "\n\n".join(part for part in parts if part) + "\n"


if __name__ == "__main__":
    main()
