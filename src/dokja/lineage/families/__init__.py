"""Names that saving libraries give to tensors, one table per model family.

To add a family, describe each of its components by a `Naming` in the file
of its kind and put it into that file's tuple. Nothing else needs to know.
"""

from dokja.lineage.families.decoders import DECODERS
from dokja.lineage.families.encoders import ENCODERS
from dokja.lineage.families.naming import Cut, Found, Naming, Part, ending
from dokja.lineage.families.projectors import PROJECTORS

NAMINGS: tuple[Naming, ...] = (*DECODERS, *ENCODERS, *PROJECTORS)
"""Every known naming; of two that explain equally many names the first."""

__all__ = ["NAMINGS", "Cut", "Found", "Naming", "Part", "ending"]
