"""The tables of operations, beside the acts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "operations_0001"
down_revision = "acts_0001"

_REASON = "the audit only grows: what was done is not undone by deleting its line"

_SQLITE_TRIGGERS = (
    f"""
    CREATE TRIGGER audit_never_updated BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, '{_REASON}'); END
    """,
    f"""
    CREATE TRIGGER audit_never_deleted BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, '{_REASON}'); END
    """,
    f"""
    CREATE TRIGGER audit_never_replaced BEFORE INSERT ON audit
    WHEN EXISTS (SELECT 1 FROM audit WHERE sequence = NEW.sequence)
    BEGIN SELECT RAISE(ABORT, '{_REASON}'); END
    """,  # noqa: S608 - no outside text
)
_POSTGRESQL_STATEMENTS = (
    f"""
    CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '{_REASON}' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()
    """,
    "ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_only_grows",
)


def upgrade() -> None:
    """Create every table of operations and the guards of the audit."""
    _create_accounts()
    _create_what_hangs_on_accounts()
    _create_voters()
    _create_audit()
    _create_the_rest()
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE_TRIGGERS if sqlite else _POSTGRESQL_STATEMENTS:
        op.execute(statement)


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _of_account() -> sa.Column[str]:
    """No cascade: deleting an account must not succeed by forgetting a table."""
    return sa.Column(
        "account_id", sa.Text, sa.ForeignKey("accounts.id"), nullable=False
    )


def _create_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Text, primary_key=True),
        *_text("role", "subject", "contest", "language", "state"),
        sa.Column("login", sa.Text, unique=True),
        *_text("created_at"),
        sa.Column("password_hash", sa.Text),
    )
    op.create_index("accounts_contest", "accounts", ["contest", "created_at"])
    op.create_table(
        "invitations",
        sa.Column("id", sa.Text, primary_key=True),
        *_text("role", "subject", "contest", "language"),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        *_text("invited_by", "created_at", "expires_at"),
        sa.Column("used_at", sa.Text),
        sa.Column("withdrawn_at", sa.Text),
    )


def _create_what_hangs_on_accounts() -> None:
    op.create_table(
        "cards",
        _of_account(),
        *_text("name", "email", "employer", "sex"),
        sa.Column("birth_year", sa.Integer),
        *_text("region", "skill"),
        sa.PrimaryKeyConstraint("account_id"),
    )
    op.create_table(
        "consents",
        _of_account(),
        *_text("notice", "version", "digest", "given_at"),
        sa.Column("withdrawn_at", sa.Text),
        sa.PrimaryKeyConstraint("account_id", "notice"),
    )
    op.create_table(
        "identities",
        *_text("issuer", "subject_digest", "contest", "kind"),
        _of_account(),
        sa.PrimaryKeyConstraint("issuer", "subject_digest", "contest"),
    )
    op.create_index("identities_account", "identities", ["account_id"])
    op.create_table(
        "sessions",
        sa.Column("digest", sa.Text, primary_key=True),
        _of_account(),
        *_text("created_at", "seen_at", "expires_at"),
    )
    op.create_index("sessions_account", "sessions", ["account_id"])


def _create_voters() -> None:
    op.create_table(
        "voters",
        *_text("contest"),
        sa.Column("number", sa.Integer, nullable=False),
        *_text("pseudonym"),
        sa.Column("account_id", sa.Text, sa.ForeignKey("accounts.id"), unique=True),
        sa.PrimaryKeyConstraint("contest", "number"),
        sa.UniqueConstraint("contest", "pseudonym", name="voters_pseudonym"),
    )
    op.create_table(
        "fingerprints",
        *_text("contest", "fingerprint"),
        sa.PrimaryKeyConstraint("contest", "fingerprint"),
    )


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        *_text("at", "account_id", "role", "verb", "object", "outcome", "request_id"),
    )


def _create_the_rest() -> None:
    op.create_table(
        "login_attempts",
        *_text("attempt", "key", "at"),
        sa.PrimaryKeyConstraint("attempt", "key"),
    )
    op.create_index("login_attempts_key", "login_attempts", ["key", "at"])
    op.create_table(
        "drafts",
        *_text("owner", "name"),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        *_text("saved_at"),
        sa.PrimaryKeyConstraint("owner", "name"),
    )
    op.create_table(
        "secrets",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.LargeBinary),
        sa.Column("destroyed_at", sa.Text),
    )
    op.create_table(
        "passages",
        sa.Column("digest", sa.Text, primary_key=True),
        *_text("purpose"),
        sa.Column("body", sa.LargeBinary, nullable=False),
        *_text("expires_at"),
    )
