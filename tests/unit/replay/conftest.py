"""The shipped case, read as the door reads it."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dokja.programme import Rulebook, parse_rulebook
from dokja.replay import PublishedStage, ReplayReport, read_published, replay_stage
from dokja.replay.constraints import Constraints, constraints_of
from dokja.replay.whole import (
    History,
    WholeReplay,
    read_programme,
    replay_programme,
)
from tests.unit.replay.whole_programme import shipped_chapters

PROGRAMME = Path(__file__).resolve().parents[3] / "programmes" / "k-ai"


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """The rulebook of the Korean programme."""
    text = (PROGRAMME / "rulebook.toml").read_text(encoding="utf-8")
    return parse_rulebook(text, where="rulebook.toml")


@pytest.fixture
def document() -> dict[str, Any]:
    """`published.toml` parsed, fresh for every test that spoils it."""
    text = (PROGRAMME / "stage-1" / "published.toml").read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Decimal)


@pytest.fixture(scope="session")
def published() -> PublishedStage:
    """The published first stage."""
    text = (PROGRAMME / "stage-1" / "published.toml").read_text(encoding="utf-8")
    parsed = tomllib.loads(text, parse_float=Decimal)
    return read_published(parsed, where="published.toml")


@pytest.fixture(scope="session")
def constraints(published: PublishedStage, rulebook: Rulebook) -> Constraints:
    """The published facts on role labels."""
    return constraints_of(published, rulebook)


@pytest.fixture(scope="session")
def report(published: PublishedStage, rulebook: Rulebook) -> ReplayReport:
    """The first stage decided again."""
    return replay_stage(published, rulebook)


@pytest.fixture(scope="session")
def history() -> History:
    """The published history of the whole programme."""
    return read_programme(shipped_chapters())


@pytest.fixture(scope="session")
def whole(
    history: History, published: PublishedStage, rulebook: Rulebook
) -> WholeReplay:
    """The whole programme run again."""
    return replay_programme(history, published, rulebook)
