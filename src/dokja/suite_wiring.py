"""Finds the suites that travel with Dokja, apart from the wiring of stages."""

from __future__ import annotations

from dokja.benchmark import listed, parse_suite
from dokja.benchmark.generated import generate_suite, generated_headers
from dokja.benchmark.values import ListedSuite, Suite
from dokja.errors import InvalidInput, Unavailable
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


def open_suite(name: str, *, beacon: str = "") -> Suite:
    """The suite of that name; a beacon gives a fresh set of a generated one.

    Raises: Unavailable where none travels with Dokja, InvalidInput for a beacon
    with a suite that is not generated.
    """
    if name in {header.id for header in generated_headers()}:
        return generate_suite(name, beacon=beacon)
    if beacon:
        raise InvalidInput(
            f"suite {name!r} is not generated, so there is no fresh set of it",
            remedy="leave the beacon out, or give a generated suite",
        )
    for programme in shipped_programmes().values():
        for stage in programme.stages:
            texts = programme.suite_texts(stage)
            if name in texts:
                return parse_suite(*texts[name], where=name)
    raise Unavailable(
        f"there is no suite {name!r}",
        remedy="give one that `dokja benchmark list` names",
    )
