"""A real Ray cluster of two nodes that the tests bring themselves.

It lives in a process of its own: starting it sets signal handlers and looks up
the address of this machine in the network, neither of which is for a test run.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_GONE_WITHIN_SECONDS = 20.0

ON_LOOPBACK = {
    # Ray's one way to keep to 127.0.0.1; it is read when Ray is imported.
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_USAGE_STATS_ENABLED": "0",
}


@dataclass(frozen=True, kw_only=True)
class Nodes:
    """Two nodes of one core each."""

    address: str
    pids: tuple[int, ...]
    """The servers of both nodes."""


@contextmanager
def two_nodes() -> Iterator[Nodes]:
    """A cluster that lives as long as the block; no process of it is left."""
    # Ray's sockets lie below: a long path would be refused.
    with tempfile.TemporaryDirectory(prefix="dokja-ray-") as folder:
        process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **ON_LOOPBACK, "RAY_TMPDIR": folder},
            start_new_session=True,
            text=True,
        )
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            nodes = Nodes(address=told["address"], pids=tuple(told["pids"]))
            yield nodes
            process.communicate("end\n", timeout=60)
            await_end(nodes.pids)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def await_end(pids: tuple[int, ...]) -> None:
    """Returns once all the processes are gone; fails where one stays."""
    give_up_at = time.monotonic() + _GONE_WITHIN_SECONDS
    left = list(pids)
    while left and time.monotonic() < give_up_at:
        left = [pid for pid in left if _is_there(pid)]
        time.sleep(0.05)
    assert left == [], f"processes {left} are still there"


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _serve() -> None:
    from ray.cluster_utils import Cluster

    node = {
        "num_cpus": 1,
        "node_ip_address": "127.0.0.1",
        "include_dashboard": False,
        "include_log_monitor": False,
    }
    cluster = Cluster(initialize_head=True, head_node_args=node)
    cluster.add_node(**node)
    pids = [
        server.process.pid
        for each in cluster.list_all_nodes()
        for servers in each.all_processes.values()
        for server in servers
    ]
    print(json.dumps({"address": cluster.address, "pids": pids}), flush=True)  # noqa: T201
    sys.stdin.readline()
    cluster.shutdown()


if __name__ == "__main__":
    _serve()
