"""A cluster of several nodes is used, left clean, and seen in no number."""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path

import pytest

from dokja.adapters.compute import LocalPool, RayCluster
from dokja.adapters.compute.ray_cluster import _check_versions, _versions
from dokja.errors import Conflict, InvalidInput, Unavailable
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.ports import Compute
from dokja.lineage import shipped_rules
from dokja.settings import shipped_folder
from dokja.stage.ports import LineageTask
from dokja.stage.tasks import lineage_tasks
from dokja.submission import register_reference, seal_submission
from dokja.wiring.instruments import run_comparison
from dokja.wiring.stages import LocalModels
from tests.contract.ray_nodes import Nodes, await_end

_TEAMS = ("dalyeoul", "sangeuneul", "moraesinae", "galbaramjae", "cheotnunmaeul")


def _ignore(_item: object, _result: object) -> None:
    """Be told of an item and do nothing."""


def _ignore_part(_part: str) -> None:
    """Be told of a component and do nothing."""


def _node_after_both_began(folder: Path, item: int) -> str:
    import ray

    (folder / str(item)).touch()
    give_up_at = time.monotonic() + 60
    while len(list(folder.iterdir())) < 2 and time.monotonic() < give_up_at:
        time.sleep(0.02)
    return str(ray.get_runtime_context().get_node_id())


def test_items_run_on_both_nodes_of_a_cluster(ray_nodes: Nodes, tmp_path: Path) -> None:
    """Two items that wait for each other cannot end on one core."""
    cluster = RayCluster(ray_nodes.address, workers=1)
    nodes = cluster.map(
        partial(_node_after_both_began, tmp_path), [0, 1], on_done=_ignore
    )
    assert len(set(nodes)) == 2


def _fail_or_sleep(folder: Path, seconds: float) -> None:
    (folder / str(os.getpid())).touch()
    while len(list(folder.iterdir())) < 2:
        time.sleep(0.02)
    if not seconds:
        raise InvalidInput("failed at once", remedy="none")
    time.sleep(seconds)


def test_a_failure_ends_what_comes_after_it_on_a_cluster(
    ray_nodes: Nodes, tmp_path: Path
) -> None:
    """Nobody waits hours for items whose results will not be used."""
    cluster = RayCluster(ray_nodes.address, workers=1)
    with pytest.raises(InvalidInput, match="failed at once"):
        cluster.map(partial(_fail_or_sleep, tmp_path), [0, 600, 600], on_done=_ignore)
    await_end(tuple(int(path.name) for path in tmp_path.iterdir()))


def test_a_cluster_that_is_not_there_is_refused_soon() -> None:
    """Ray alone would try for many minutes, and never says which address."""
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:9") as caught:
        RayCluster("127.0.0.1:9", workers=1).map(_twice, [0], on_done=_ignore)
    assert "ray start --head" in caught.value.remedy


def test_a_machine_with_another_version_is_refused() -> None:
    """Its numbers could differ in the last bits, and nobody would see where."""
    here = _versions()
    _check_versions(here)
    with pytest.raises(Unavailable, match="numpy") as caught:
        _check_versions({**here, "numpy": "1.0"})
    assert "requirements.lock" in caught.value.remedy


def _twice(item: int) -> int:
    return 2 * item


def test_a_process_joins_one_cluster_at_a_time(ray_nodes: Nodes) -> None:
    """Ray knows one per process; a second map would end the first one's work."""
    cluster = RayCluster(ray_nodes.address, workers=1)
    within: list[tuple[int, ...]] = []

    def ask_again(item: int, _result: int) -> None:
        within.append(cluster.map(_twice, [item], on_done=_ignore))

    with pytest.raises(Conflict, match="already"):
        cluster.map(_twice, [1], on_done=ask_again)
    assert within == []
    assert cluster.map(_twice, [1, 2], on_done=_ignore) == (2, 4)


def _example_tasks() -> tuple[LineageTask, ...]:
    examples = shipped_folder("examples")
    folders = LocalModels(
        examples / "models", examples / "references", block_bytes=1 << 20
    )
    seals = [
        seal_submission(
            folders.submission(team),
            team=team,
            stage="stage-1",
            rules_digest="",
            on_component=_ignore_part,
        )
        for team in _TEAMS
    ]
    reference = register_reference(
        folders.reference("naru-open-1"),
        reference="naru-open-1",
        on_component=_ignore_part,
    )
    return lineage_tasks(
        shipped_rules(), seals, [reference], folders, seed_text="two machines"
    )


def test_lineage_reports_have_equal_bytes_on_a_cluster(ray_nodes: Nodes) -> None:
    """What decides about a team must not depend on where it was measured."""
    tasks = _example_tasks()
    compare = partial(run_comparison, block_bytes=1 << 20)
    places: list[Compute] = [LocalPool(2), RayCluster(ray_nodes.address, workers=1)]
    here, there = (
        [canonical_bytes(r) for r in place.map(compare, tasks, on_done=_ignore)]
        for place in places
    )
    assert here == there
    assert len(set(here)) == len(_TEAMS)
