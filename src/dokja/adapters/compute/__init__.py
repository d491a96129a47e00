"""Work on many items, in this process or over the cores of this machine.

Where and with how many workers it ran cannot be seen in a result.
"""

from dokja.adapters.compute.local_pool import LocalPool

__all__ = ["LocalPool"]
