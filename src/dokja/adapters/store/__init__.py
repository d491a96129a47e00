"""The record in a database: SQLite in one file, or PostgreSQL.

`open_act_log` brings the schema up to date and returns the log. Where the
database cannot be used, the error says what is missing and what to do.
"""

from dokja.adapters.store.act_log import SqlActLog, open_act_log

__all__ = ["SqlActLog", "open_act_log"]
