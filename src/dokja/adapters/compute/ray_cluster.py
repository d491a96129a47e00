"""The machines of a Ray cluster."""

from __future__ import annotations

import importlib.metadata
import logging
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar

from dokja.adapters.compute.in_process import (
    become_worker,
    in_order,
    is_worker,
    on_one_thread,
)
from dokja.errors import Conflict, InvalidInput, Unavailable

Item = TypeVar("Item")
Result = TypeVar("Result")

LOCAL = "local"

_DECIDE_LAST_BITS = ("dokja", "numpy", "scipy")
_ANSWERS_WITHIN_SECONDS = 10.0
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class RayCluster:
    """Runs each item as one Ray task with one core, on whichever machine.

    The work is put into the cluster's object store once and read from there;
    its arrays, and those of results, are read-only views. Each `map` joins the
    cluster and leaves it again, so a process runs one at a time.
    """

    def __init__(self, address: str, *, workers: int) -> None:
        """A cluster by the `host:port` of its head, which this machine has joined.

        Or `local`: one of `workers` cores that starts and ends with each `map`.
        """
        if workers < 1:
            raise InvalidInput(
                f"{workers} workers can do no work", remedy="give 1 worker or more"
            )
        self._address = address
        self._workers = workers

    def map(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        *,
        on_done: Callable[[Item, Result], None],
    ) -> tuple[Result, ...]:
        """Results in the order of the items; `on_done` hears of each as it ends.

        Raises: what the work raised on the first item, in their order, that
        failed; Unavailable where there is no Ray, no cluster, another version
        on one of its machines, or a worker that died; Conflict where this
        process has joined a cluster already.
        """
        if not items or is_worker():
            return in_order(work, items, on_done=on_done)
        ray = _ray()
        with _joined(ray, self._address, workers=self._workers):
            # A lost worker is reported, not replaced: its usual end is memory,
            # and the same item would end the next one too.
            task = ray.remote(num_cpus=1, max_retries=0)(_on_machine)
            held, versions = ray.put(work), _versions()
            refs = [task.remote(held, item, versions) for item in items]
            return _gathered(ray, refs, items, on_done)


@dataclass(frozen=True)
class _Failed:
    """An item without a result."""

    error: BaseException


def _gathered(
    ray: ModuleType,
    refs: Sequence[Any],
    items: Sequence[Item],
    on_done: Callable[[Item, Result], None],
) -> tuple[Any, ...]:
    """Results in order; waits for all that comes before the first failure.

    A cluster need not begin the items in their order, so which failure comes
    first is known only when everything before it has ended.
    """
    place_of = {ref: place for place, ref in enumerate(refs)}
    results: list[Any] = [None] * len(refs)
    failed: _Failed | None = None
    waiting = list(refs)
    while waiting:
        (ended,), waiting = ray.wait(waiting)
        place = place_of[ended]
        outcome = _outcome(ray, ended)
        if isinstance(outcome, _Failed):
            failed = outcome
            waiting = [ref for ref in waiting if place_of[ref] < place]
            continue
        results[place] = outcome
        if failed is None:
            on_done(items[place], outcome)
    if failed is not None:
        raise failed.error
    return tuple(results)


def _outcome(ray: ModuleType, ref: Any) -> Any:
    """The result of a task that has ended, or why there is none."""
    try:
        return ray.get(ref)
    except ray.exceptions.RayTaskError as error:
        cause: BaseException = error.cause
        cause.__cause__ = error  # its text is the traceback on the other machine
        return _Failed(cause)
    except ray.exceptions.RayError as error:
        lost = Unavailable(
            "a worker of the cluster was lost before it answered: "
            f"{type(error).__name__}",
            remedy="see that every machine is up and has memory for one item per "
            "core, or start its node with fewer cores (--num-cpus); then run again",
        )
        lost.__cause__ = error
        return _Failed(lost)


def _on_machine(
    work: Callable[[Item], Result], item: Item, versions: Mapping[str, str]
) -> Result:
    become_worker()
    _check_versions(versions)
    return on_one_thread(work, item)


def _versions() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in _DECIDE_LAST_BITS}


def _check_versions(wanted: Mapping[str, str]) -> None:
    """Refuses a machine that would measure with other code.

    Raises: Unavailable.
    """
    here = _versions()
    for name, version in wanted.items():
        if here[name] != version:
            raise Unavailable(
                f"machine {socket.gethostname()} of the cluster has {name} "
                f"{here[name]}, this run has {version}",
                remedy="install the same requirements.lock on every machine",
            )


def _ray() -> ModuleType:
    try:
        import ray
    except ImportError as error:
        raise Unavailable(
            "Ray is not installed", remedy="pip install 'dokja[ray]'"
        ) from error
    module: ModuleType = ray
    return module


@contextmanager
def _joined(ray: ModuleType, address: str, *, workers: int) -> Iterator[None]:
    """Joins the cluster and leaves it; one of its own (`local`) ends with it.

    Leaving ends every task that is still queued or running. Cancelling them one
    by one would not do: a task that ends while it is cancelled trips an
    assertion in Ray 2.60 that aborts this process.
    """
    if ray.is_initialized():
        raise Conflict(
            "this process has joined a Ray cluster already",
            remedy="leave it (ray.shutdown()), or run one measurement at a time",
        )
    own = address == LOCAL
    if not own:
        _require_answer(ray, address)
    try:
        ray.init(
            address=address,
            num_cpus=workers if own else None,
            include_dashboard=False if own else None,
            logging_level=logging.ERROR,
            log_to_driver=False,
        )
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        raise _no_cluster(address, why=str(error)) from error
    try:
        yield
    finally:
        ray.shutdown()


def _require_answer(ray: ModuleType, address: str) -> None:
    """Meets a wrong address in seconds; Ray itself tries for many minutes.

    Raises: Unavailable.
    """
    host, _, port = address.rpartition(":")
    # Ray takes a loopback name to mean this machine's address in the network.
    host = ray.util.get_node_ip_address() if host in _LOOPBACK else host
    try:
        socket.create_connection((host, int(port)), _ANSWERS_WITHIN_SECONDS).close()
    except OSError as error:
        raise _no_cluster(address, why=str(error)) from error


def _no_cluster(address: str, *, why: str) -> Unavailable:
    return Unavailable(
        f"the Ray cluster {address} cannot be joined: {why}",
        remedy="start its head (ray start --head) and let this machine join it "
        "(ray start --address=HOST:PORT), with the same Python and Ray",
    )
