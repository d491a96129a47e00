"""The tables of operations, as queries see them; the migrations create them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_tables = MetaData()


class Moment(TypeDecorator[datetime]):
    """A moment as text in UTC, in one width, so that texts sort as moments do."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """The text of a moment."""
        del dialect
        if value is None:
            return None
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(
        self, value: Any | None, dialect: Dialect
    ) -> datetime | None:
        """The moment of a text."""
        del dialect
        return None if value is None else datetime.fromisoformat(value)


accounts = Table(
    "accounts",
    _tables,
    Column("id", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("contest", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("login", Text),
    Column("created_at", Moment, nullable=False),
    Column("password_hash", Text),
)
cards = Table(
    "cards",
    _tables,
    Column("account_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("employer", Text, nullable=False),
    Column("sex", Text, nullable=False),
    Column("birth_year", Integer),
    Column("region", Text, nullable=False),
    Column("skill", Text, nullable=False),
)
consents = Table(
    "consents",
    _tables,
    Column("account_id", Text, primary_key=True),
    Column("notice", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("given_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
)
identities = Table(
    "identities",
    _tables,
    Column("issuer", Text, primary_key=True),
    Column("subject_digest", Text, primary_key=True),
    Column("contest", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("account_id", Text, nullable=False),
)
sessions = Table(
    "sessions",
    _tables,
    Column("digest", Text, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)
invitations = Table(
    "invitations",
    _tables,
    Column("id", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("contest", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("invited_by", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("withdrawn_at", Moment),
)
voters = Table(
    "voters",
    _tables,
    Column("contest", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("pseudonym", Text, nullable=False),
    Column("account_id", Text),
)
fingerprints = Table(
    "fingerprints",
    _tables,
    Column("contest", Text, primary_key=True),
    Column("fingerprint", Text, primary_key=True),
)
login_attempts = Table(
    "login_attempts",
    _tables,
    Column("attempt", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("at", Moment, nullable=False),
)
audit = Table(
    "audit",
    _tables,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("request_id", Text, nullable=False),
)
drafts = Table(
    "drafts",
    _tables,
    Column("owner", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("saved_at", Moment, nullable=False),
)
secrets = Table(
    "secrets",
    _tables,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary),
    Column("destroyed_at", Moment),
)
passages = Table(
    "passages",
    _tables,
    Column("digest", Text, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

OF_A_PERSON = (cards, consents, identities, sessions)
"""Tables whose rows are deleted with the account they hang on."""
