"""The rows of one person: how they are written, read and deleted together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from dokja.adapters.store import operations_schema as schema
from dokja.errors import Conflict
from dokja.people.values import Account, NewAccount

T = TypeVar("T")

_AT_ONCE = 500


def without_account(table: sa.Table) -> tuple[sa.Column[Any], ...]:
    """Columns of a table but for the account they hang on."""
    return tuple(column for column in table.c if column.name != "account_id")


def value_in(row: Mapping[str, Any], kind: type[T]) -> T:
    """The value a row holds under the names of its fields."""
    # SQLAlchemy's names are a kind of text that msgspec does not take.
    return msgspec.convert({str(name): value for name, value in row.items()}, kind)


def account_in(row: Mapping[str, Any]) -> Account:
    """The account a row holds."""
    kept = {name: row[name] for name in Account.__struct_fields__}
    return msgspec.convert(kept | {"login": row["login"] or ""}, Account)


def insert_person(connection: sa.Connection, new: NewAccount) -> None:
    """Write the account with everything that hangs on it.

    Raises: Conflict where login or identity are taken, or the invitation was
    used in the meantime.
    """
    account = msgspec.structs.asdict(new.account)
    _use_invitation(connection, new)
    _insert_unless_taken(
        connection,
        schema.accounts,
        account
        | {"login": new.account.login or None, "password_hash": new.password_hash},
        Conflict(
            "this login is taken",
            remedy="choose another one, or sign in with it",
            korean="이미 사용 중인 로그인 이름입니다.",
        ),
    )
    key = {"account_id": new.account.id}
    connection.execute(
        sa.insert(schema.cards).values(**msgspec.to_builtins(new.card), **key)
    )
    if new.consents:
        connection.execute(
            sa.insert(schema.consents),
            [msgspec.structs.asdict(consent) | key for consent in new.consents],
        )
    if new.identity is not None:
        _insert_unless_taken(
            connection,
            schema.identities,
            msgspec.to_builtins(new.identity) | {"contest": new.account.contest} | key,
            Conflict(
                "this identity has an account already",
                remedy="sign in with it",
                korean="이미 등록되어 있습니다. 로그인해 주십시오.",
            ),
        )


def insert_fingerprint(
    connection: sa.Connection, contest: str, fingerprint: str
) -> None:
    """Write the fingerprint. Raises: Conflict where the contest has it."""
    _insert_unless_taken(
        connection,
        schema.fingerprints,
        {"contest": contest, "fingerprint": fingerprint},
        Conflict(
            "this person has registered for the contest before",
            remedy="sign in; who had their data erased cannot register again",
            korean="이미 등록한 분입니다. 정보를 삭제해도 다시 등록할 수 없습니다.",
        ),
    )


def delete_people(connection: sa.Connection, account_ids: Sequence[str]) -> int:
    """How many accounts are gone, each with all that hung on it."""
    gone = 0
    for start in range(0, len(account_ids), _AT_ONCE):
        ids = account_ids[start : start + _AT_ONCE]
        for table in schema.OF_A_PERSON:
            connection.execute(sa.delete(table).where(table.c.account_id.in_(ids)))
        connection.execute(
            sa.delete(schema.drafts).where(schema.drafts.c.owner.in_(ids))
        )
        connection.execute(
            sa.update(schema.voters)
            .where(schema.voters.c.account_id.in_(ids))
            .values(account_id=None)
        )
        deleted = sa.delete(schema.accounts).where(schema.accounts.c.id.in_(ids))
        gone += connection.execute(deleted).rowcount
    return gone


def _use_invitation(connection: sa.Connection, new: NewAccount) -> None:
    if new.invitation is None:
        return
    table = schema.invitations
    used = connection.execute(
        sa.update(table)
        .where(
            table.c.id == new.invitation,
            table.c.used_at.is_(None),
            table.c.withdrawn_at.is_(None),
        )
        .values(used_at=new.account.created_at)
    )
    if used.rowcount != 1:
        raise Conflict(
            "the invitation was used or withdrawn in the meantime",
            remedy="ask the office for a new invitation",
            korean="이미 사용했거나 취소된 초대입니다.",
        )


def _insert_unless_taken(
    connection: sa.Connection, table: sa.Table, row: dict[str, Any], taken: Conflict
) -> None:
    """Insert the row; `taken` where its key is. The caller's transaction ends."""
    try:
        connection.execute(sa.insert(table).values(**row))
    except IntegrityError as error:
        raise taken from error
