"""Accounts, cards, consents and invitations in a database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

import msgspec
import sqlalchemy as sa

from dokja.adapters.store import operations_schema as schema
from dokja.adapters.store.act_log import add_acts
from dokja.adapters.store.database import changing, empty_log, reported, writing
from dokja.adapters.store.people_rows import (
    account_in,
    delete_people,
    insert_fingerprint,
    insert_person,
    value_in,
    without_account,
)
from dokja.evidence.values import Act
from dokja.people.ages import stratum
from dokja.people.ports import Admission
from dokja.people.values import (
    Account,
    Consent,
    Credential,
    Identity,
    Invitation,
    Language,
    NewAccount,
    PersonalData,
    PersonCard,
    Stratum,
    Voter,
)

_ACCOUNT = tuple(c for c in schema.accounts.c if c.name != "password_hash")
_VOTER = (schema.voters.c.contest, schema.voters.c.pseudonym, schema.voters.c.number)


class SqlPeopleBook:
    """Implements `PeopleBook` on the tables of operations."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def open_account(self, new: NewAccount) -> Account:
        """The account, written with its card and consents, all or none.

        Raises: Conflict where the login or the identity has an account, or the
        invitation was used in the meantime.
        """
        with reported(self._engine), writing(self._engine) as connection:
            insert_person(connection, new)
        return new.account

    def open_voter(
        self, new: NewAccount, fingerprint: str, admission: Admission | None = None
    ) -> Voter:
        """The voter, numbered next in the contest, written with the account.

        The admission is checked in the same transaction, so that people who come
        at once cannot take one place. Raises: Conflict where the fingerprint is
        taken in this contest, and what `open_account` and the admission raise.
        """
        contest = new.account.contest
        with reported(self._engine), writing(self._engine) as connection:
            if admission is not None:
                _admit(connection, new.account, new.card, admission)
            insert_fingerprint(connection, contest, fingerprint)
            insert_person(connection, new)
            last = sa.select(sa.func.max(schema.voters.c.number)).where(
                schema.voters.c.contest == contest
            )
            voter = Voter(
                contest=contest,
                pseudonym=new.account.subject,
                number=(connection.scalar(last) or 0) + 1,
            )
            connection.execute(
                sa.insert(schema.voters).values(
                    **msgspec.to_builtins(voter), account_id=new.account.id
                )
            )
        return voter

    def account(self, account_id: str) -> Account | None:
        """The account of this id."""
        rows = self._rows(
            sa.select(*_ACCOUNT).where(schema.accounts.c.id == account_id)
        )
        return account_in(rows[0]) if rows else None

    def accounts(self) -> tuple[Account, ...]:
        """Every account, oldest first; a voter's only through its contest."""
        return self._accounts_of("")

    def voter_account(self, voter: Voter) -> Account | None:
        """The voter's account; None once the person was erased."""
        table = schema.voters
        rows = self._rows(
            sa.select(*_ACCOUNT)
            .join(table, table.c.account_id == schema.accounts.c.id)
            .where(table.c.contest == voter.contest, table.c.number == voter.number)
        )
        return account_in(rows[0]) if rows else None

    def voter_accounts(self, contest: str) -> tuple[Account, ...]:
        """Accounts of the contest's voters, in the order of arrival."""
        return self._accounts_of(contest)

    def credential(self, login: str) -> Credential | None:
        """The account that signs in under this name."""
        rows = self._rows(
            sa.select(schema.accounts).where(
                schema.accounts.c.login == login,
                schema.accounts.c.password_hash.is_not(None),
            )
        )
        if not login or not rows:
            return None
        return Credential(
            account=account_in(rows[0]), password_hash=rows[0]["password_hash"]
        )

    def account_of(self, identity: Identity, contest: str = "") -> Account | None:
        """The account this identity opened, in the contest where one is named."""
        table = schema.identities
        rows = self._rows(
            sa.select(*_ACCOUNT)
            .join(table, table.c.account_id == schema.accounts.c.id)
            .where(
                table.c.issuer == identity.issuer,
                table.c.subject_digest == identity.subject_digest,
                table.c.contest == contest,
            )
        )
        return account_in(rows[0]) if rows else None

    def password_hash(self, account_id: str) -> str | None:
        """What the account's password is checked against."""
        with reported(self._engine), self._engine.connect() as connection:
            return cast(
                "str | None",
                connection.scalar(
                    sa.select(schema.accounts.c.password_hash).where(
                        schema.accounts.c.id == account_id
                    )
                ),
            )

    def set_password(self, account_id: str, password_hash: str) -> None:
        """Keep another hash; sessions stay as they are."""
        self._update_account(account_id, password_hash=password_hash)

    def set_language(self, account_id: str, language: Language) -> None:
        """Address the person in this language from now on."""
        self._update_account(account_id, language=language.value)

    def set_access(self, account: Account) -> None:
        """Keep role, subject and state as `account` has them, and end its sessions."""
        with reported(self._engine), changing(self._engine) as connection:
            connection.execute(
                sa.update(schema.accounts)
                .where(schema.accounts.c.id == account.id)
                .values(
                    role=account.role.value,
                    subject=account.subject,
                    state=account.state.value,
                )
            )
            connection.execute(
                sa.delete(schema.sessions).where(
                    schema.sessions.c.account_id == account.id
                )
            )

    def correct(
        self, account: Account, card: PersonCard, admission: Admission | None = None
    ) -> None:
        """Put `card` in place of the old one, admitted in the same transaction."""
        with reported(self._engine), writing(self._engine) as connection:
            if admission is not None:
                _admit(connection, account, card, admission)
            connection.execute(
                sa.update(schema.cards)
                .where(schema.cards.c.account_id == account.id)
                .values(**msgspec.to_builtins(card))
            )

    def personal_data(self, account_id: str) -> PersonalData | None:
        """Everything that is kept about the person."""
        with reported(self._engine), self._engine.connect() as connection:

            def of(table: sa.Table, *columns: sa.Column[Any]) -> list[dict[str, Any]]:
                key = table.c.id if table is schema.accounts else table.c.account_id
                query = sa.select(*columns).where(key == account_id)
                return [dict(row) for row in connection.execute(query).mappings()]

            account = of(schema.accounts, *_ACCOUNT)
            if not account:
                return None
            (card,) = of(schema.cards, *without_account(schema.cards))
            voter = of(schema.voters, *_VOTER)
            return PersonalData(
                account=account_in(account[0]),
                card=value_in(card, PersonCard),
                consents=tuple(
                    value_in(row, Consent)
                    for row in of(schema.consents, *without_account(schema.consents))
                ),
                identities=tuple(
                    value_in(row, Identity)
                    for row in of(
                        schema.identities,
                        schema.identities.c.kind,
                        schema.identities.c.issuer,
                        schema.identities.c.subject_digest,
                    )
                ),
                voter=value_in(voter[0], Voter) if voter else None,
            )

    def set_consent(self, account_id: str, consent: Consent) -> None:
        """Put this consent in place of an earlier one to the same notice."""
        table = schema.consents
        with reported(self._engine), changing(self._engine) as connection:
            connection.execute(
                sa.delete(table).where(
                    table.c.account_id == account_id, table.c.notice == consent.notice
                )
            )
            connection.execute(
                sa.insert(table).values(
                    account_id=account_id, **msgspec.structs.asdict(consent)
                )
            )

    def invite(self, invitation: Invitation) -> None:
        """Add an invitation."""
        with reported(self._engine), changing(self._engine) as connection:
            connection.execute(
                sa.insert(schema.invitations).values(
                    **msgspec.structs.asdict(invitation)
                )
            )

    def invitation(self, digest: str) -> Invitation | None:
        """The invitation whose token has this digest."""
        table = schema.invitations
        rows = self._rows(sa.select(table).where(table.c.digest == digest))
        return value_in(rows[0], Invitation) if rows else None

    def invitations(self) -> tuple[Invitation, ...]:
        """Every invitation, newest first."""
        table = schema.invitations
        query = sa.select(table).order_by(table.c.created_at.desc(), table.c.id)
        return tuple(value_in(row, Invitation) for row in self._rows(query))

    def withdraw_invitation(self, invitation_id: str, now: datetime) -> bool:
        """Whether it was open and is withdrawn now."""
        table = schema.invitations
        with reported(self._engine), changing(self._engine) as connection:
            changed = connection.execute(
                sa.update(table)
                .where(
                    table.c.id == invitation_id,
                    table.c.used_at.is_(None),
                    table.c.withdrawn_at.is_(None),
                    table.c.expires_at > now,
                )
                .values(withdrawn_at=now)
            )
            return changed.rowcount == 1

    def voter(self, contest: str, pseudonym: str) -> Voter | None:
        """The voter of this pseudonym; stays after the person was erased."""
        table = schema.voters
        rows = self._rows(
            sa.select(*_VOTER).where(
                table.c.contest == contest, table.c.pseudonym == pseudonym
            )
        )
        return value_in(rows[0], Voter) if rows else None

    def voters(self, contest: str) -> tuple[Voter, ...]:
        """Every voter in the order of arrival."""
        query = (
            sa.select(*_VOTER)
            .where(schema.voters.c.contest == contest)
            .order_by(schema.voters.c.number)
        )
        return tuple(value_in(row, Voter) for row in self._rows(query))

    def strata(self, contest: str, year: int) -> Mapping[int, Stratum]:
        """The stratum of every voter who was not erased, by number."""
        rows = self._rows(_cards_of(contest))
        return {
            row.pop("number"): stratum(value_in(row, PersonCard), year) for row in rows
        }

    def erase(self, account_id: str, act: Act) -> bool:
        """Whether there was such an account; it is gone with all that hung on it."""
        with reported(self._engine), writing(self._engine) as connection:
            if not delete_people(connection, [account_id]):
                return False
            add_acts(connection, [act])
        empty_log(self._engine)
        return True

    def close_contest(self, contest: str, key: str, act: Act) -> int:
        """How many voters were erased, with all that is left of the contest."""
        with reported(self._engine), writing(self._engine) as connection:
            add_acts(connection, [act])
            gone = delete_people(
                connection,
                connection.scalars(
                    sa.select(schema.accounts.c.id).where(
                        schema.accounts.c.contest == contest
                    )
                ).all(),
            )
            connection.execute(
                sa.delete(schema.fingerprints).where(
                    schema.fingerprints.c.contest == contest
                )
            )
            connection.execute(
                sa.update(schema.secrets)
                .where(schema.secrets.c.name == key)
                .values(value=None, destroyed_at=datetime.fromisoformat(act.at))
            )
        empty_log(self._engine)
        return gone

    def _accounts_of(self, contest: str) -> tuple[Account, ...]:
        query = (
            sa.select(*_ACCOUNT)
            .where(schema.accounts.c.contest == contest)
            .order_by(schema.accounts.c.created_at, schema.accounts.c.id)
        )
        return tuple(account_in(row) for row in self._rows(query))

    def _update_account(self, account_id: str, **values: str) -> None:
        with reported(self._engine), changing(self._engine) as connection:
            connection.execute(
                sa.update(schema.accounts)
                .where(schema.accounts.c.id == account_id)
                .values(**values)
            )

    def _rows(self, query: sa.Select[Any]) -> list[dict[str, Any]]:
        with reported(self._engine), self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]


def _cards_of(contest: str) -> sa.Select[Any]:
    return (
        sa.select(schema.voters.c.number, *without_account(schema.cards))
        .join(schema.cards, schema.cards.c.account_id == schema.voters.c.account_id)
        .where(schema.voters.c.contest == contest)
        .order_by(schema.voters.c.number)
    )


def _admit(
    connection: sa.Connection, account: Account, card: PersonCard, admission: Admission
) -> None:
    """Check the card beside those of the contest's other voters."""
    query = _cards_of(account.contest).where(schema.cards.c.account_id != account.id)
    present = []
    for row in connection.execute(query).mappings():
        fields = dict(row)
        del fields["number"]
        present.append(stratum(value_in(fields, PersonCard), admission.year))
    admission.check(stratum(card, admission.year), present)
