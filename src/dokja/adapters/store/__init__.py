"""The record and the operations in a database: one SQLite file, or PostgreSQL.

`open_act_log` brings the schema up to date and returns the record alone,
`open_store` the record with the operations beside it. Where the database
cannot be used, the error says what is missing and what to do.
"""

from dokja.adapters.store.act_log import SqlActLog, open_act_log
from dokja.adapters.store.store import Store, open_store

__all__ = ["SqlActLog", "Store", "open_act_log", "open_store"]
