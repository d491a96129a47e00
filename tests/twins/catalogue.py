"""Every mutation, in the order of the page."""

from __future__ import annotations

from tests.twins.afterwards import AFTERWARDS
from tests.twins.clocks import CLOCKS
from tests.twins.data import DATA
from tests.twins.lies import LIES
from tests.twins.mutation import Mutation
from tests.twins.outsiders import OUTSIDERS
from tests.twins.releases import RELEASES
from tests.twins.weights import WEIGHTS

CATALOGUE: tuple[Mutation, ...] = (
    *OUTSIDERS,
    *AFTERWARDS,
    *CLOCKS,
    *LIES,
    *WEIGHTS,
    *DATA,
    *RELEASES,
)
