"""Ten thousand fingerprints searched: seconds, and the rank of the true parents.

    .venv/bin/python benchmarks/lineage/search.py ZOO [--references 10000]

ZOO is a folder of sets made by `benchmarks/lineage/zoo`, each with a
truth.json, or one such set. Every model that derives from another is searched
among all models of its set but itself and as many decoys as it takes to make
up the number of references. The decoys are synthetic and say so in their
names: half are fingerprints of real models with the numbers of each sketch
shuffled, half are random, with 16 to 80 layers as published models have.

Printed are the rank of the nearest true ancestor, how many are among the first
20, the closeness beside the largest of any stranger, and the seconds of one
search in memory, and of reading the library from a folder.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from dokja.adapters.compute import LocalThreads
from dokja.adapters.library import LibraryFolder
from dokja.adapters.weights import find_subject
from dokja.evidence.canonical import canonical_bytes, digest_bytes
from dokja.lineage.fingerprints import (
    Fingerprint,
    LibraryEntry,
    LibraryIndex,
    make_fingerprint,
    nearest,
    screen,
)
from dokja.lineage.fingerprints.make import GRAM_ROLES, LAYERED
from dokja.lineage.fingerprints.values import LIBRARY_SCHEMA

FIRST = 20
LAYERS = (16, 81)


def sets_in(zoo: Path) -> Iterator[tuple[str, dict[str, Any], dict[str, Fingerprint]]]:
    """Name, truth and fingerprints of every set that has both."""
    places = [zoo] if (zoo / "truth.json").exists() else sorted(zoo.iterdir())
    for place in places:
        if not (place / "truth.json").exists():
            continue
        truth = json.loads((place / "truth.json").read_text())["models"]
        yield place.name, truth, {name: fingerprint(place / name) for name in truth}


def fingerprint(model: Path) -> Fingerprint:
    """The fingerprint of one model, named after its set and folder."""
    made = make_fingerprint(
        find_subject(model, block_bytes=1 << 22),
        compute=LocalThreads(1),
        on_step=lambda *_: None,
    )
    return msgspec.structs.replace(made, name=f"{model.parent.name}/{model.name}")


def decoys(real: list[Fingerprint], count: int) -> list[Fingerprint]:
    """Synthetic fingerprints: real ones with shuffled numbers, then random ones."""
    rng = np.random.default_rng(20261123)
    shuffled = [
        _changed(real[i % len(real)], f"synthetic-shuffled-{i}", rng)
        for i in range(count // 2)
    ]
    large = [_random(real[0], f"synthetic-random-{i}", rng) for i in range(count // 2)]
    return shuffled + large


def _changed(real: Fingerprint, name: str, rng: np.random.Generator) -> Fingerprint:
    def other(table: dict[str, bytes]) -> dict[str, bytes]:
        return {
            role: rng.permutation(np.frombuffer(entries, dtype=np.int8)).tobytes()
            for role, entries in table.items()
        }

    return msgspec.structs.replace(
        real,
        name=name,
        components=tuple(
            msgspec.structs.replace(
                component,
                basis=other(component.basis),
                gram=other(component.gram),
                anchors=other(component.anchors),
                digests={r: rng.bytes(len(d)) for r, d in component.digests.items()},
                groups=(),
            )
            for component in real.components
        ),
    )


def _random(real: Fingerprint, name: str, rng: np.random.Generator) -> Fingerprint:
    """A decoder of published depth beside the embeddings of a real model, changed."""
    layers = int(rng.integers(*LAYERS))

    def normal(size: int) -> bytes:
        draws = rng.standard_normal(layers * size, dtype=np.float32)
        return np.clip(draws * 42, -127, 127).astype(np.int8).tobytes()

    changed = _changed(real, name, rng)
    return msgspec.structs.replace(
        changed,
        components=tuple(
            msgspec.structs.replace(
                component,
                layers=layers,
                basis={role.value: normal(64) for role in LAYERED},
                gram={role.value: normal(32) for role in GRAM_ROLES},
                digests={role.value: rng.bytes(layers * 8) for role in LAYERED},
            )
            if component.layers
            else component
            for component in changed.components
        ),
    )


def kin(name: str, truth: dict[str, Any]) -> set[str]:
    """Models of the set that share an ancestor with this one."""
    mine = set(truth[name]["ancestors"])
    return {
        other
        for other, entry in truth.items()
        if other != name and mine & set(entry["ancestors"])
    }


def search_set(
    name: str,
    truth: dict[str, Any],
    prints: dict[str, Fingerprint],
    synthetic: list[Fingerprint],
) -> tuple[list[int], list[float]]:
    """Ranks of the first true ancestor and seconds, a line printed for each."""
    ranks, seconds = [], []
    for model, entry in truth.items():
        ancestors = set(entry["ancestors"]) - {model}
        if not ancestors:
            continue
        others = [other for other in prints if other != model]
        references = [prints[other] for other in others] + synthetic
        started = time.perf_counter()
        order = nearest(prints[model], references, len(references))
        seconds.append(time.perf_counter() - started)
        found = [others[place] if place < len(others) else "" for place in order]
        # Brothers and children stand as near as the parent: they are no misses.
        related = kin(model, truth) - ancestors
        ahead = [other for other in found if other not in related]
        rank = 1 + min(ahead.index(ancestor) for ancestor in ancestors)
        ranks.append(rank)
        closest = max(screen(prints[model], prints[a]).closeness for a in ancestors)
        strange = [o for o in others if o not in related | ancestors]
        stranger = max(
            (screen(prints[model], prints[o]).closeness for o in strange), default=0.0
        )
        how = f"{entry['relation']} {'+'.join(entry['camouflage'])}".strip()
        print(
            f"| {name}/{model} | {how} | {rank} | {closest:.3f} | {stranger:.3f} |",
            flush=True,
        )
    return ranks, seconds


def read_from_folder(references: list[Fingerprint]) -> float:
    """Seconds to read them all from a library, every digest checked."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "fingerprints").mkdir()
        entries = []
        for one in sorted(references, key=lambda reference: reference.name):
            data = canonical_bytes(one)
            digest = digest_bytes(data)
            entries.append(LibraryEntry(name=one.name, digest=digest, weights=None))
            file = f"{digest.removeprefix('sha256:')}.json"
            (folder / "fingerprints" / file).write_bytes(data)
        index = LibraryIndex(schema=LIBRARY_SCHEMA, entries=tuple(entries))
        (folder / "index.json").write_bytes(canonical_bytes(index))
        started = time.perf_counter()
        LibraryFolder(folder).fingerprints()
        return time.perf_counter() - started


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("zoo", type=Path)
    parser.add_argument("--references", type=int, default=10_000)
    options = parser.parse_args()
    sets = list(sets_in(options.zoo))
    real = [one for _, _, prints in sets for one in prints.values()]
    synthetic = decoys(real, options.references)
    print("| model | relation | rank | closeness | largest of a stranger |")
    print("|---|---|---|---|---|")
    ranks: list[int] = []
    seconds: list[float] = []
    for name, truth, prints in sets:
        made = synthetic[: options.references - len(prints) + 1]
        found = search_set(name, truth, prints, made)
        ranks += found[0]
        seconds += found[1]
    deep = next((one for one in synthetic if _layers(one) == 32), synthetic[-1])
    started = time.perf_counter()
    nearest(deep, synthetic, FIRST)
    of_deep = time.perf_counter() - started
    if ranks:
        first = sum(rank <= FIRST for rank in ranks)
        print(f"\nparent among the first {FIRST}: {first} of {len(ranks)}")
        print(f"parent first: {sum(rank == 1 for rank in ranks)} of {len(ranks)}")
        print(f"seconds a search, median: {statistics.median(seconds):.2f}")
    print(f"references: {options.references}, synthetic among them: {len(synthetic)}")
    print(f"seconds for a model of {_layers(deep)} layers: {of_deep:.2f}")
    print(f"seconds to read them from a folder: {read_from_folder(synthetic):.2f}")


def _layers(one: Fingerprint) -> int:
    return max(component.layers for component in one.components)


if __name__ == "__main__":
    main()
