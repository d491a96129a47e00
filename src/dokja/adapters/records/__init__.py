"""Training records on disk: written as training runs, read within bounds later.

`RecordFolder` reads what somebody handed in and follows no link; `RecordWriter`
appends. `MaterialsFolder` and `MaterialsWriter` do the same for what a team keeps for
its auditor, and `WitnessMark` is how a witness notices that it lost its memory.
"""

from dokja.adapters.records.materials_folder import (
    MaterialsFolder,
    code_texts,
    program_digest,
)
from dokja.adapters.records.materials_writer import MaterialsWriter
from dokja.adapters.records.record_folder import RecordFolder
from dokja.adapters.records.record_writer import RecordWriter
from dokja.adapters.records.released_weights import ReleasedWeights
from dokja.adapters.records.witness_mark import WitnessMark

__all__ = [
    "MaterialsFolder",
    "MaterialsWriter",
    "RecordFolder",
    "RecordWriter",
    "ReleasedWeights",
    "WitnessMark",
    "code_texts",
    "program_digest",
]
