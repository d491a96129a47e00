"""Every act of support that pages offer, by the name in its address."""

from collections.abc import Mapping

from dokja.web.acts import OfficeAct
from dokja.web.support.acts.allocating import ALLOCATING
from dokja.web.support.acts.data import DATA_ACTS
from dokja.web.support.acts.gpu import GPU_ACTS
from dokja.web.support.acts.money import MONEY_ACTS

SUPPORT_ACTS: Mapping[str, OfficeAct] = {
    **GPU_ACTS,
    **ALLOCATING,
    **DATA_ACTS,
    **MONEY_ACTS,
}

__all__ = ["SUPPORT_ACTS"]
