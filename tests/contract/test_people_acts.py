"""What people do at the desk: register, sign in, invite, change, be refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from dokja.adapters.passwords import Argon2Hasher, Work
from dokja.adapters.store import Store, open_store
from dokja.errors import Conflict, InvalidInput, NotAllowed
from dokja.people import (
    Attempt,
    Counter,
    Invited,
    Place,
    accept_invitation,
    change_password,
    change_role,
    correct,
    erase,
    invite,
    notices_for,
    open_invitation,
    own_data,
    register_voter,
    resume,
    sign_in,
    sign_in_by_identity,
    sign_out,
    signed_in,
    suspend,
    withdraw_consent,
    withdraw_invitation,
)
from dokja.people.destroy_key import destroy_key
from dokja.people.digests import declared_identity, keyed_digest
from dokja.people.invite import invite_first
from dokja.people.ports import Desk
from dokja.people.values import (
    Account,
    IdentityKind,
    Region,
    RegistrationRules,
    Role,
    SessionRules,
    Sex,
    SignIn,
    SignInOutcome,
    ThrottleRules,
)
from tests.contract.people_fixture import (
    CONTEST,
    CONTROLLER,
    NOW,
    PASSWORD,
    account_of,
    application_of,
    counter_for,
    desk_on,
    first_invitation,
    new_member,
    new_office,
    new_voter,
    person,
)

RULES = SessionRules()
PLACE = Place(programme="k-ai", stage="1")
EXPERT = Invited(role=Role.EXPERT, subject="e01")


@pytest.fixture
def store(tmp_path: object) -> Iterator[Store]:
    """A new store; what differs between databases is tried elsewhere."""
    with open_store(f"sqlite:///{tmp_path}/record.db") as opened:
        yield opened


@pytest.fixture
def desk(store: Store) -> Desk:
    """A desk on it."""
    return desk_on(store)


def knock(desk: Desk, login: str, password: str, **changes: object) -> SignIn:
    """An attempt to sign in."""
    fields: dict[str, object] = {"address": "192.0.2.1", "now": NOW} | changes
    return sign_in(desk, login, password, Attempt(**fields))  # type: ignore[arg-type]


def test_nobody_registers_without_consent_or_under_age(desk: Desk) -> None:
    """No rule lets in a child, and nothing is stored of whoever is refused."""
    lenient = msgspec.structs.replace(
        counter_for(Role.VOTER), rules=RegistrationRules(minimum_age=3)
    )

    def register(**changes: Any) -> None:
        application = application_of(Role.VOTER, **changes)
        register_voter(desk, application, lenient, contest=CONTEST, identity=person(1))

    with pytest.raises(NotAllowed, match="voter-identity"):
        register(agreed=())
    with pytest.raises(NotAllowed, match="has changed"):
        register(agreed=("sha256:0",))
    fourteen_today = date(NOW.year - 14, NOW.month, NOW.day)
    with pytest.raises(NotAllowed, match="age of 14"):
        register(born=fourteen_today + timedelta(days=1))
    with pytest.raises(InvalidInput, match="date of birth"):
        register(born=date(1850, 1, 1))
    assert desk.people.voters(CONTEST) == ()
    register(born=fourteen_today)
    assert len(desk.people.voters(CONTEST)) == 1


def test_rules_may_ask_for_a_higher_age(desk: Desk) -> None:
    """The floor is the law's; above it the office decides."""
    counter = msgspec.structs.replace(
        counter_for(Role.VOTER), rules=RegistrationRules(minimum_age=19)
    )
    with pytest.raises(NotAllowed, match="age of 19"):
        register_voter(
            desk,
            application_of(Role.VOTER, born=date(2010, 1, 1)),
            counter,
            contest=CONTEST,
            identity=person(1),
        )


def test_what_only_an_optional_consent_allows_is_not_kept_without_it(
    desk: Desk,
) -> None:
    """The boxes decide, not the fields that were filled in."""
    required = application_of(Role.VOTER).agreed[:1]
    register_voter(
        desk,
        application_of(Role.VOTER, agreed=required),
        counter_for(Role.VOTER),
        contest=CONTEST,
        identity=person(1),
    )
    card = own_data(desk.people, account_of(desk, 1)).card
    assert (card.sex, card.region) == (Sex.UNSTATED, Region.UNSTATED)


def test_a_stated_identity_vouches_for_nobody_unless_the_rules_say_so(
    desk: Desk,
) -> None:
    """One person, one voter needs somebody who can tell persons apart."""
    application = application_of(Role.VOTER, login="kim")

    def register(counter: Counter) -> None:
        register_voter(
            desk,
            application,
            counter,
            contest=CONTEST,
            identity=declared_identity("kim"),
        )

    with pytest.raises(NotAllowed, match="vouches"):
        register(counter_for(Role.VOTER))
    trial = RegistrationRules(accepts=(IdentityKind.DECLARED,))
    register(msgspec.structs.replace(counter_for(Role.VOTER), rules=trial))
    assert knock(desk, " KIM ", PASSWORD).outcome is SignInOutcome.SIGNED_IN


def test_the_answer_never_tells_who_has_an_account(desk: Desk) -> None:
    """A wrong password, an unknown login and a suspended account look alike."""
    office = new_office(desk)
    expert = new_member(desk, office, EXPERT, "expert")
    suspend(desk, office, expert)
    answers = {
        knock(desk, login, password)
        for login, password in (
            ("office", "wrong"),
            ("nobody", "wrong"),
            ("", ""),
            ("x" * 900, "y"),
            ("expert", PASSWORD),
        )
    }
    assert answers == {SignIn(outcome=SignInOutcome.REFUSED)}
    resume(desk, office, expert)
    assert knock(desk, "expert", PASSWORD).outcome is SignInOutcome.SIGNED_IN


class CountingHasher(Argon2Hasher):
    """Counts how often the work of a guess is done."""

    checks = 0

    def matches(self, password: str, kept: str | None) -> bool:
        self.checks += 1
        return super().matches(password, kept)


def test_an_unknown_login_costs_the_same_work(desk: Desk) -> None:
    """The time an answer takes must not tell either."""
    hasher = CountingHasher(Work(passes=1, memory_kib=64))
    desk = msgspec.structs.replace(desk, passwords=hasher)
    new_office(desk)
    for login in ("office", "nobody"):
        knock(desk, login, "wrong")
    assert hasher.checks == 2


def test_guessing_is_stopped_by_login_and_by_address(desk: Desk) -> None:
    """Also for logins that do not exist, and the right password then waits, too."""
    new_office(desk)
    rules = ThrottleRules(per_login=3, per_address=6)

    def guess(login: str, password: str, address: str, minutes: int = 0) -> str:
        now = NOW + timedelta(minutes=minutes)
        return knock(
            desk, login, password, address=address, throttle=rules, now=now
        ).outcome

    assert [guess("office", "wrong", f"192.0.2.{n}") for n in range(4)] == [
        *["refused"] * 3,
        "throttled",
    ]
    assert guess("office", PASSWORD, "192.0.2.9") == "throttled"
    assert guess("office", PASSWORD, "192.0.2.9", minutes=16) == "signed_in"
    spread = [guess(f"nobody-{n}", "wrong", "198.51.100.1") for n in range(7)]
    assert spread == [*["refused"] * 6, "throttled"]


def test_no_address_is_kept_as_it_is(desk: Desk, store: Store) -> None:
    """A list of who tried from where would be personal data."""
    knock(desk, "somebody", "wrong", address="192.0.2.77")
    key = desk.keys.find("sign-in throttle")
    assert key is not None
    kept = keyed_digest(key, "address", "192.0.2.77")
    assert not store.attempts.admit("x", {kept: 1}, now=NOW, since=NOW - timedelta(1))


def test_an_old_hash_is_renewed_by_signing_in(desk: Desk) -> None:
    """Nobody else has the password when parameters rise."""
    office = new_office(desk)
    before = desk.people.password_hash(office.id)
    stronger = Argon2Hasher(Work(passes=2, memory_kib=64))
    knock(msgspec.structs.replace(desk, passwords=stronger), "office", PASSWORD)
    after = desk.people.password_hash(office.id)
    assert before != after
    assert after is not None
    assert "t=2" in after


def test_a_session_is_new_at_every_sign_in(desk: Desk) -> None:
    """A token from before must not become one that is signed in."""
    new_office(desk)
    first = knock(desk, "office", PASSWORD)
    second = knock(desk, "office", PASSWORD, token=first.token)
    assert first.token is not None
    assert second.token not in (None, first.token)
    assert signed_in(desk.sessions, first.token, now=NOW, rules=RULES) is None
    sign_out(desk.sessions, second.token or "")
    assert signed_in(desk.sessions, second.token or "", now=NOW, rules=RULES) is None


def test_a_changed_password_or_role_ends_every_session(desk: Desk) -> None:
    """Who got in with the old one is out."""
    office = new_office(desk)
    expert = new_member(desk, office, EXPERT, "expert")
    stolen = knock(desk, "expert", PASSWORD).token or ""
    wanted = "another set of words"
    with pytest.raises(NotAllowed, match="not right"):
        change_password(
            desk, expert, present="wrong", wanted=wanted, now=NOW, rules=RULES
        )
    token = change_password(
        desk, expert, present=PASSWORD, wanted=wanted, now=NOW, rules=RULES
    )
    assert signed_in(desk.sessions, stolen, now=NOW, rules=RULES) is None
    assert signed_in(desk.sessions, token, now=NOW, rules=RULES) == expert
    assert knock(desk, "expert", PASSWORD).outcome is SignInOutcome.REFUSED
    changed = change_role(desk, office, expert, role=Role.AUDITOR, subject="")
    assert signed_in(desk.sessions, token, now=NOW, rules=RULES) is None
    assert desk.people.account(expert.id) == changed


def test_roles_do_not_mix_with_voters(desk: Desk) -> None:
    """A contest counts its voters: none comes from elsewhere or leaves for it."""
    office = new_office(desk)
    expert = new_member(desk, office, EXPERT, "expert")
    new_voter(desk, 1)
    for account, role in ((expert, Role.VOTER), (account_of(desk, 1), Role.OFFICE)):
        with pytest.raises(NotAllowed, match="cannot change"):
            change_role(desk, office, account, role=role, subject="")
    with pytest.raises(NotAllowed, match="their own account"):
        suspend(desk, office, office)


@pytest.mark.parametrize(
    "password", ["short", "aaaaaaaaaaaaaaaa", "my-name-is-office!", "x" * 257]
)
def test_a_password_that_can_be_guessed_is_not_taken(desk: Desk, password: str) -> None:
    """Length and being nobody's name are what slows a guess down."""
    application = application_of(Role.OFFICE, login="office", password=password)
    with pytest.raises(InvalidInput):
        accept_invitation(
            desk,
            application,
            counter_for(Role.OFFICE),
            invitation=first_invitation(desk),
        )
    assert desk.people.accounts() == ()


def test_only_the_office_invites_and_a_link_ends(desk: Desk) -> None:
    """One answer for every link that does not work, so that none can be probed."""
    office = new_office(desk)
    expert = new_member(desk, office, EXPERT, "expert")
    with pytest.raises(NotAllowed, match="not open to the role"):
        invite(desk, expert, EXPERT, now=NOW)
    kept, token = invite(desk, office, Invited(role=Role.AUDITOR), now=NOW)
    assert open_invitation(desk.people, token, now=NOW) == kept
    with pytest.raises(NotAllowed) as expired:
        open_invitation(desk.people, token, now=kept.expires_at)
    withdraw_invitation(desk.people, office, kept.id, now=NOW)
    with pytest.raises(NotAllowed) as withdrawn:
        open_invitation(desk.people, token, now=NOW)
    with pytest.raises(NotAllowed) as invented:
        open_invitation(desk.people, "invented", now=NOW)
    assert len({str(e.value) for e in (expired, withdrawn, invented)}) == 1


@pytest.mark.parametrize("role", [Role.TEAM, Role.EXPERT, Role.VOTER, Role.PUBLIC])
def test_an_invitation_says_for_whom_it_is(desk: Desk, role: Role) -> None:
    """An expert without a pseudonym could not be assigned to anything."""
    office = new_office(desk)
    with pytest.raises(InvalidInput, match="lacks"):
        invite(desk, office, Invited(role=role), now=NOW)


def test_an_invited_voter_votes_once(desk: Desk) -> None:
    """The office vouches; the link makes one voter with a number."""
    office = new_office(desk)
    invited = Invited(role=Role.VOTER, contest=CONTEST)
    account = new_member(desk, office, invited, "voter")
    data = own_data(desk.people, account)
    assert data.voter is not None
    assert (data.voter.number, data.voter.pseudonym) == (1, account.subject)
    (used,) = (i for i in desk.people.invitations() if i.role is Role.VOTER)
    with pytest.raises(Conflict):
        accept_invitation(
            desk,
            application_of(Role.VOTER, login="again"),
            counter_for(Role.VOTER),
            invitation=used,
        )


def test_an_invited_expert_may_sign_in_with_a_provider(desk: Desk) -> None:
    """Then there is no password that could be stolen."""
    office = new_office(desk)
    invitation, _ = invite(desk, office, EXPERT, now=NOW)
    with pytest.raises(InvalidInput, match="no way in"):
        accept_invitation(
            desk,
            application_of(Role.EXPERT),
            counter_for(Role.EXPERT),
            invitation=invitation,
        )
    expert = accept_invitation(
        desk,
        application_of(Role.EXPERT),
        counter_for(Role.EXPERT),
        invitation=invitation,
        identity=person("expert"),
    )
    attempt = Attempt(address="192.0.2.1", now=NOW)
    assert sign_in_by_identity(desk, person("expert"), attempt).account == expert
    for contest in ("", CONTEST):
        unknown = sign_in_by_identity(desk, person("x"), attempt, contest=contest)
        assert unknown.outcome is SignInOutcome.UNKNOWN_IDENTITY
    suspend(desk, office, expert)
    refused = sign_in_by_identity(desk, person("expert"), attempt)
    assert refused.outcome is SignInOutcome.REFUSED


def test_one_corrects_and_takes_back_what_is_one_s_own(desk: Desk) -> None:
    """The year that was checked stays; a withdrawn consent empties its fields."""
    new_voter(desk, 1)
    account = account_of(desk, 1)
    notices = notices_for(Role.VOTER, CONTROLLER)
    card = own_data(desk.people, account).card
    changed = msgspec.structs.replace(card, birth_year=2001, sex=Sex.FEMALE)
    kept = correct(desk.people, account, changed, notices=notices)
    assert (kept.sex, kept.birth_year) == (Sex.FEMALE, 1990)
    with pytest.raises(NotAllowed, match="nothing may be kept"):
        withdraw_consent(desk.people, account, notices[0], now=NOW)
    withdraw_consent(desk.people, account, notices[1], now=NOW)
    data = own_data(desk.people, account)
    assert data.card.sex is Sex.UNSTATED
    assert [c.withdrawn_at is None for c in data.consents] == [True, False]
    assert correct(desk.people, account, changed, notices=notices).sex is Sex.UNSTATED


def test_who_may_erase_whom(desk: Desk) -> None:
    """Oneself, and the office anybody but its own last account."""
    office = new_office(desk)
    expert = new_member(desk, office, EXPERT, "expert")
    team = new_member(desk, office, Invited(role=Role.TEAM, subject="t1"), "team")
    with pytest.raises(NotAllowed, match="somebody else"):
        erase(desk, expert, by=team, place=PLACE, now=NOW)
    assert erase(desk, expert, by=office, place=PLACE, now=NOW).subject == "e01"
    act = erase(desk, team, by=team, place=PLACE, now=NOW)
    assert act.subject == team.id, "a team is not erased when a person of it is"
    with pytest.raises(NotAllowed, match="no such account"):
        erase(desk, expert, by=office, place=PLACE, now=NOW)
    with pytest.raises(NotAllowed, match="last account"):
        erase(desk, office, by=office, place=PLACE, now=NOW)


def test_a_key_is_destroyed_by_the_office_after_publication(desk: Desk) -> None:
    """Without it a second registration cannot be told from a first."""
    office = new_office(desk)
    new_voter(desk, 1)
    voter: Account = account_of(desk, 1)
    for by, fact in ((voter, "not open to the role"), (office, "not published")):
        with pytest.raises(NotAllowed, match=fact):
            destroy_key(desk, by, CONTEST, place=PLACE, publication=None, now=NOW)
    assert desk.people.account(voter.id) == voter


def test_the_first_invitations_are_made_once(desk: Desk) -> None:
    """A second start must not leave a second open door into the office."""
    first = invite_first(desk, [Invited(role=Role.OFFICE)], now=NOW)
    assert len(first) == 1
    assert invite_first(desk, [Invited(role=Role.OFFICE)], now=NOW) == ()
    later = first[0][0].expires_at
    assert len(invite_first(desk, [Invited(role=Role.OFFICE)], now=later)) == 1
    accept_invitation(
        desk,
        application_of(Role.OFFICE, login="office"),
        counter_for(Role.OFFICE),
        invitation=first[0][0],
    )
    assert invite_first(desk, [Invited(role=Role.OFFICE)], now=later) == ()
