"""The record and the operations in a database: one SQLite file, or PostgreSQL.

`open_act_log` brings the schema up to date and returns the record alone,
`open_store` the record with the operations beside it, `open_witness_book` what a
witness of training records must not forget. Where the database
cannot be used, the error says what is missing and what to do.
"""

from dokja.adapters.store.act_log import SqlActLog, open_act_log
from dokja.adapters.store.store import Store, open_store
from dokja.adapters.store.witness_book import SqlWitnessBook, open_witness_book

__all__ = [
    "SqlActLog",
    "SqlWitnessBook",
    "Store",
    "open_act_log",
    "open_store",
    "open_witness_book",
]
