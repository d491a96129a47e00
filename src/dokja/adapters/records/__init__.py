"""Training records on disk: written as training runs, read within bounds later.

`RecordFolder` reads what somebody handed in and follows no link; `RecordWriter`
appends, and `WitnessMark` is how a witness notices that it lost its memory.
"""

from dokja.adapters.records.record_folder import RecordFolder
from dokja.adapters.records.record_writer import RecordWriter
from dokja.adapters.records.witness_mark import WitnessMark

__all__ = ["RecordFolder", "RecordWriter", "WitnessMark"]
