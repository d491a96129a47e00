"""Finds the suites that travel with Dokja, apart from the wiring of stages."""

from __future__ import annotations

from pathlib import Path

from dokja.adapters.suites import SuiteFolder, write_suite_folder
from dokja.benchmark import listed, parse_suite
from dokja.benchmark.generated import (
    TokenCounter,
    generate_suite,
    generated_headers,
)
from dokja.benchmark.values import ListedSuite, Suite, SuiteManifest
from dokja.errors import Unavailable
from dokja.stage.inputs import parse_plan
from dokja.wiring import shipped_programmes


def shipped_suites() -> tuple[ListedSuite, ...]:
    """Every suite that travels with Dokja, by id: generated and of a programme."""
    found = [listed(header, origin="generated") for header in generated_headers()]
    for name, programme in shipped_programmes().items():
        for stage in programme.stages:
            origin = f"{name}/{stage}"
            plan = parse_plan(programme.plan_text(stage), where=origin)
            for suite, texts in programme.suite_texts(stage).items():
                header = parse_suite(*texts, where=suite).header
                found.append(listed(header, origin=origin, teams=plan.teams))
    return tuple(sorted(found, key=lambda suite: (suite.id, suite.origin)))


def open_suite(
    name: str, *, beacon: str = "", counter: TokenCounter | None = None
) -> Suite:
    """The suite of that name, or the one in the folder of that path.

    A beacon and a counter of tokens are for suites that are generated. Raises:
    Unavailable where neither exists, InvalidInput where the folder holds
    something else, or other than what was frozen.
    """
    if name in {header.id for header in generated_headers()}:
        return generate_suite(name, beacon=beacon, counter=counter)
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


def keep_suite(suite: Suite, folder: Path) -> SuiteManifest:
    """The manifest of the suite, which lies frozen in the folder from now on.

    Raises: Conflict where something is there.
    """
    return write_suite_folder(folder, suite)


def freeze_suite(folder: Path) -> SuiteManifest:
    """The manifest of a suite that lies in a folder, kept beside it from now on.

    Raises: Conflict where it is frozen already, InvalidInput where the suite
    cannot be scored.
    """
    return SuiteFolder(folder).freeze()
