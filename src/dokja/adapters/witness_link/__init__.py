"""A witness behind HTTP, as a recorder reaches it.

Standard library alone: whoever trains installs nothing for it.
"""

from dokja.adapters.witness_link.http_link import HttpWitness

__all__ = ["HttpWitness"]
