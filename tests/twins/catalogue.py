"""Every mutation, in the order of the page."""

from __future__ import annotations

from tests.twins.afterwards import AFTERWARDS
from tests.twins.clocks import CLOCKS
from tests.twins.lies import LIES
from tests.twins.mutation import Mutation
from tests.twins.outsiders import OUTSIDERS

CATALOGUE: tuple[Mutation, ...] = (*OUTSIDERS, *AFTERWARDS, *CLOCKS, *LIES)
