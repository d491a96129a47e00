"""An office made ready for a load: the contest opened, people registered, signed in.

None of this is timed. People come with an identity that a provider vouched for, so
nobody's password is hashed, and their sessions are opened as signing in opens them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from dokja.people import (
    Counter,
    notice_digest,
    notices_for,
    open_session,
    register_voter,
)
from dokja.people.digests import provider_identity
from dokja.people.values import Application, PersonCard, Role, SessionRules
from dokja.settings import read_settings
from dokja.wiring.office import Office, OfficeRequest, open_office

PROGRAMME, STAGE = "example", "stage-1"
ISSUER = "https://id.example.org"


@dataclass(frozen=True)
class Person:
    """Somebody who may vote: their number, and the token of their session."""

    number: int
    token: str


@contextmanager
def office_in(work: Path, environment: Mapping[str, str]) -> Iterator[Office]:
    """The office whose stores are under `work`, or where the environment says."""
    request = OfficeRequest(programme=PROGRAMME, stage=STAGE, work=work)
    clock = partial(datetime.now, UTC)
    settings = read_settings(environment)
    with open_office(request, settings=settings, clock=clock) as office:
        yield office


def prepare(office: Office, people: int) -> tuple[Person, ...]:
    """The people, registered and signed in; the contest is open."""
    keeper = office.keeper
    if keeper is None:
        raise ValueError("the stage has no contest")
    keeper.open()
    return tuple(_person(office, number) for number in range(1, people + 1))


def _person(office: Office, number: int) -> Person:
    notices = notices_for(Role.VOTER, office.controller)
    application = Application(
        card=PersonCard(),
        born=date(1990, 5, 17),
        agreed=tuple(notice_digest(notice) for notice in notices),
    )
    counter = Counter(notices=notices, now=office.now(), rules=office.registration)
    identity = provider_identity(ISSUER, f"person-{number}")
    voter = register_voter(
        office.desk, application, counter, contest=office.contest, identity=identity
    )
    account = office.desk.people.account_of(identity, office.contest)
    assert account is not None
    token = open_session(office.desk, account, now=office.now(), rules=SessionRules())
    return Person(number=voter.number, token=token)
