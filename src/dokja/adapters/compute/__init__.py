"""Work on many items, over the cores of this machine or over many machines.

Where and with how many workers it ran cannot be seen in a result.
"""

from dokja.adapters.compute.local_pool import LocalPool
from dokja.adapters.compute.local_threads import LocalThreads
from dokja.adapters.compute.ray_cluster import RayCluster

__all__ = ["LocalPool", "LocalThreads", "RayCluster"]
