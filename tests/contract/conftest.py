"""The databases and the cluster that contract tests bring themselves."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.postgres_server import create_database, running_postgres
from tests.contract.ray_nodes import ON_LOOPBACK, Nodes, two_nodes
from tests.sealed_fixture import SealedFolder, sealed_folder


@pytest.fixture(scope="session")
def postgres_folder() -> Iterator[Path]:
    """The socket folder of the one server of this test run."""
    with running_postgres() as folder:
        yield folder


@pytest.fixture(params=["sqlite", "postgresql"])
def record_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database nobody has opened yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'record.db'}"
    folder = request.getfixturevalue("postgres_folder")
    return create_database(folder, uuid.uuid4().hex)


@pytest.fixture(scope="session")
def ray_nodes() -> Iterator[Nodes]:
    """The one cluster of this test run, of two nodes with one core each."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ON_LOOPBACK.items():
            patch.setenv(name, value)
        with two_nodes() as nodes:
            yield nodes


@pytest.fixture(scope="session")
def sealed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where one sealed folder and its keys lie; tests copy it."""
    place = tmp_path_factory.mktemp("seal")
    sealed_folder(place)
    return place


@pytest.fixture
def sealed(sealed_once: Path, tmp_path: Path) -> SealedFolder:
    """A sealed folder that the test may damage."""
    place = Path(shutil.copytree(sealed_once, tmp_path / "copy"))
    return SealedFolder(place / "sealed", place / "keys")
