"""Builds a set of the zoo by real training; what is there already is kept.

    python benchmarks/lineage/zoo/build.py OUT --set SET [--workers N] [--first N]

Every model lands as a whole folder in OUT/SET/MODEL and OUT/SET/truth.json names
what is finished, so that both can be read while the rest is being built. Several
builders may run at once: each takes the next model that no other one holds.
"""

from __future__ import annotations

import argparse
import fcntl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from catalogue import SETS
from make import Workshop
from recipes import Recipe, digests
from truth import is_built, keep, write_truth

PAUSE = 3.0


def build(out: Path, name: str, first: int | None) -> None:
    """Nothing; builds what is missing of a set, waiting for what others build."""
    recipes = SETS[name]()
    known = digests(recipes)
    place = out / name
    (place / ".locks").mkdir(parents=True, exist_ok=True)
    shop = Workshop(out / ".cache", place)
    waiting = recipes[:first]
    while waiting:
        left = [r for r in waiting if not is_built(place, r.id, known[r.id])]
        if not _build_one(left, shop, known) and left:
            time.sleep(PAUSE)
        waiting = left
    write_truth(place, recipes, known)


def _build_one(left: list[Recipe], shop: Workshop, known: dict[str, str]) -> bool:
    """Whether a model was built: the first that is ready and that no one holds."""
    for recipe in left:
        ready = all(is_built(shop.place, n, known[n]) for n in recipe.needs)
        if not ready:
            continue
        with _held(shop.place / ".locks" / recipe.id) as mine:
            if not mine or is_built(shop.place, recipe.id, known[recipe.id]):
                continue
            began = time.monotonic()
            made = shop.make(recipe)
            taken = time.monotonic() - began
            keep(shop.place, recipe, known[recipe.id], made, taken)
            write_truth(shop.place, SETS[shop.place.name](), known)
            print(
                f"{time.strftime('%H:%M:%S')} {shop.place.name}/{recipe.id}: "
                f"loss {made.held_out_loss}, {taken:.0f} s",
                flush=True,
            )
            return True
    return False


@contextmanager
def _held(path: Path) -> Iterator[bool]:
    # The kernel lets go of the lock when a builder dies; a file alone would stay.
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def main() -> int:
    """The exit status: that of the first builder that failed, or 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--set", choices=sorted(SETS), action="append", dest="sets")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--first", type=int, help="only the first models of the set")
    arguments = parser.parse_args()
    if arguments.workers > 1:
        command = [sys.executable, *sys.argv, "--workers", "1"]
        running = [subprocess.Popen(command) for _ in range(arguments.workers)]
        return max(one.wait() for one in running)
    torch.set_num_threads(1)
    for name in arguments.sets or sorted(SETS):
        build(arguments.out, name, arguments.first)
    return 0


if __name__ == "__main__":
    sys.exit(main())
