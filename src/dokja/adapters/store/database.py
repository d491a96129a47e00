"""The connection to the database: its address, its lock and its schema."""

from __future__ import annotations

import sqlite3
import time
import weakref
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from dokja.adapters.store.turns import Turns
from dokja.errors import InvalidInput, Unavailable

_ADDRESSES = (
    "give sqlite:///PATH for a file, or postgresql://USER:PASSWORD@HOST/DATABASE"
)
_LOCK_WAIT_SECONDS = 30
_SWITCH_PAUSE = 0.02
_CONNECT_WAIT_SECONDS = 10
_RECORD_LOCK = 0x646F6B6A61
"""Key of the PostgreSQL advisory lock: the letters d-o-k-j-a."""
_CONNECTIONS = 20
"""Kept open; opening one costs several round trips."""
_TURNS: weakref.WeakKeyDictionary[sa.Engine, Turns] = weakref.WeakKeyDictionary()
_VERSION_TABLE = "dokja_schema"
_BEGIN = "dokja_begin"


def connect(url: str) -> sa.Engine:
    """An engine for the database at `url`, its schema brought up to date.

    Raises: InvalidInput where the address is none Dokja can use; Unavailable
    where driver or database is missing, or the schema is newer than this code.
    """
    address = _address(url)
    engine = _engine(address)
    try:
        with reported(engine):
            _bring_up_to_date(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection in the one write transaction the record allows at a time.

    The lock is taken before the first read, so what was read still holds when
    the rows are written.
    """
    with turn(engine), writing_in_turn(engine) as connection:
        yield connection


@contextmanager
def writing_in_turn(engine: sa.Engine) -> Iterator[sa.Connection]:
    """The same for a writer whose turn it is in this process already."""
    with _begun(engine) as connection:
        if engine.dialect.name == "postgresql":
            _lock_postgresql(connection)
        yield connection


@contextmanager
def changing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection in a write transaction that touches rows of operations only.

    PostgreSQL lets such transactions run beside each other and beside the
    record's; SQLite has one writer whatever it writes.
    """
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            yield connection
    else:
        with turn(engine), _begun(engine) as connection:
            yield connection


def empty_log(engine: sa.Engine) -> None:
    """Empty SQLite's write-ahead log, in which deleted text would stand on.

    What a reader still needs stays until the next time.
    """
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection, reported(engine):
            # Below SQLAlchemy, which would begin a transaction first.
            cursor = connection.cursor()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.close()


def turn(engine: sa.Engine) -> AbstractContextManager[None]:
    """The turn of one writer of this process, in the order in which they came."""
    turns = _TURNS.setdefault(engine, Turns())
    return turns.turn(patience=_LOCK_WAIT_SECONDS)


@contextmanager
def _begun(engine: sa.Engine) -> Iterator[sa.Connection]:
    options: dict[str, Any] = {_BEGIN: "BEGIN IMMEDIATE"}
    plain = engine.connect()
    with plain.execution_options(**options) as connection, connection.begin():
        yield connection


@contextmanager
def reported(engine: sa.Engine) -> Iterator[None]:
    """Turn what the database says into Unavailable with a remedy."""
    try:
        yield
    except DBAPIError as error:
        place = engine.url.render_as_string(hide_password=True)
        raise Unavailable(
            f"the record at {place} cannot be used: {str(error.orig).strip()}",
            remedy=_remedy(engine.url, str(error.orig)),
        ) from error


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise InvalidInput(
            "the address of the record is not a database URL", remedy=_ADDRESSES
        ) from error
    if address.drivername in ("sqlite", "sqlite+pysqlite"):
        if address.database in (None, "", ":memory:"):
            raise InvalidInput(
                "the record would be lost with this process", remedy=_ADDRESSES
            )
        return address.set(drivername="sqlite+pysqlite")
    if address.drivername in ("postgresql", "postgresql+psycopg"):
        return address.set(drivername="postgresql+psycopg")
    raise InvalidInput(
        f"the record cannot be kept in {address.drivername}", remedy=_ADDRESSES
    )


def _engine(address: URL) -> sa.Engine:
    if address.get_backend_name() == "sqlite":
        engine = sa.create_engine(address, pool_size=_CONNECTIONS)
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine
    waits = {"connect_timeout": _CONNECT_WAIT_SECONDS}
    try:
        return sa.create_engine(
            address,
            pool_size=_CONNECTIONS,
            # A snapshot taken before the lock was granted would be too old.
            isolation_level="READ COMMITTED",
            connect_args={} if "connect_timeout" in address.query else waits,
        )
    except ImportError as error:
        raise Unavailable(
            f"the driver for PostgreSQL is not installed: {error}",
            remedy="pip install 'dokja[postgres]'",
        ) from error


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transactions begin late and without the write lock.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_LOCK_WAIT_SECONDS * 1000}")
    _switch_to_wal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # Deleted text is overwritten: an erased person must not be left in the file.
    connection.execute("PRAGMA secure_delete = ON")


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Wait for the switch here: for this one lock SQLite ignores busy_timeout."""
    for tries_left in reversed(range(round(_LOCK_WAIT_SECONDS / _SWITCH_PAUSE))):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or not tries_left:
                raise
            time.sleep(_SWITCH_PAUSE)
        else:
            return


def _begin_sqlite(connection: sa.Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))


def _lock_postgresql(connection: sa.Connection) -> None:
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_WAIT_SECONDS}s'")
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_RECORD_LOCK)))


def _bring_up_to_date(engine: sa.Engine) -> None:
    config = Config()
    config.set_main_option("script_location", "dokja.adapters.store:migrations")
    script = ScriptDirectory.from_config(config)
    options = {"version_table": _VERSION_TABLE}
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        revision = context.get_current_revision()
    if revision == script.get_current_head():
        return
    _refuse_unknown(script, revision)
    with writing(engine) as connection:
        config.attributes.update(connection=connection, **options)
        command.upgrade(config, "head")


def _refuse_unknown(script: ScriptDirectory, revision: str | None) -> None:
    try:
        if revision is not None:
            script.get_revision(revision)
    except CommandError as error:
        raise Unavailable(
            f"the record has schema {revision!r}, which this version of Dokja "
            "does not know",
            remedy="install the newer Dokja that wrote it",
        ) from error


def _remedy(address: URL, message: str) -> str:
    if "locked" in message or "lock timeout" in message:
        return "wait until the other writer is done, then run the command again"
    if address.get_backend_name() == "sqlite":
        return "check that the path names a Dokja record in a folder you may write to"
    return "check that the server runs and that user, password and database are right"
