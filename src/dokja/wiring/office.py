"""The office that the web serves: its programme, its stage and its two stores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from dokja.adapters.passwords import Argon2Hasher, SystemSecrets
from dokja.adapters.store import Store, open_store
from dokja.errors import Unavailable
from dokja.evidence.values import Text
from dokja.lineage import shipped_rules
from dokja.people import Invited, Place, clear_sessions, invite_first
from dokja.people.ports import Desk, IdentityProvider
from dokja.people.values import (
    Controller,
    IdentityKind,
    Invitation,
    RegistrationRules,
    Role,
    SessionRules,
)
from dokja.programme import Rulebook, rules_digest
from dokja.settings import Settings
from dokja.stage import StageInputs, read_stage
from dokja.stage.values import StagePlan
from dokja.wiring.contest_files import has_contest
from dokja.wiring.contests import ContestKeeper, ContestSetting
from dokja.wiring.stages import find_programme

STORE = "office.sqlite"
CONTEST = "contest"


@dataclass(frozen=True, kw_only=True)
class OfficeRequest:
    """Which programme and stage are served, and where the office keeps its work."""

    programme: str
    stage: str
    work: Path


@dataclass(frozen=True, kw_only=True)
class Office:
    """Everything that a page may ask or act on."""

    request: OfficeRequest
    inputs: StageInputs
    """What the organiser prepared; sheets and ballots in it are not used here."""
    is_example: bool
    store: Store
    desk: Desk
    providers: Mapping[str, IdentityProvider]
    """Who vouches for people, by the name in addresses."""
    settings: Settings
    clock: Callable[[], datetime]
    keeper: ContestKeeper | None = None
    """None where the stage has no contest."""

    def now(self) -> datetime:
        """This moment in the zone of the stage's schedule."""
        zone = datetime.fromisoformat(self.plan.schedule.decided).tzinfo
        return self.clock().astimezone(zone)

    @property
    def plan(self) -> StagePlan:
        """The plan of the stage."""
        return self.inputs.plan

    @property
    def contest(self) -> str:
        """Name of the stage's public contest, under which voters register."""
        return self.plan.stage if self.keeper is None else self.keeper.id

    @property
    def place(self) -> Place:
        """Where acts on people are recorded."""
        return Place(programme=self.plan.programme, stage=self.plan.stage)

    @property
    def registration(self) -> RegistrationRules:
        """Who may register to vote; an example takes people at their word."""
        if not self.is_example:
            return RegistrationRules()
        return RegistrationRules(accepts=tuple(IdentityKind))

    @property
    def controller(self) -> Controller:
        """Who answers for the personal data."""
        name = self.rulebook.name
        return Controller(
            organisation=Text(ko=f"{name.ko} 사무국", en=f"Office of {name.en}"),
            officer=Text(ko="개인정보 보호책임자", en="data protection officer"),
            contact=self.settings.privacy_contact or "",
        )

    @property
    def rulebook(self) -> Rulebook:
        """The rules in force."""
        return self.inputs.rulebook

    @property
    def rules_digest(self) -> str:
        """Digest of the rules in force."""
        return rules_digest(self.inputs.rulebook)


@contextmanager
def open_office(
    request: OfficeRequest, *, settings: Settings, clock: Callable[[], datetime]
) -> Iterator[Office]:
    """The office, its stores opened and brought up to date.

    Raises: what reading the programme and opening the store raise.
    """
    programme = find_programme(request.programme)
    texts = programme.stage_texts(request.stage)
    inputs = read_stage(texts, lineage_rules=shipped_rules())
    request.work.mkdir(parents=True, exist_ok=True)
    address = settings.database or f"sqlite:///{(request.work / STORE).resolve()}"
    with open_store(address) as store:
        clear_sessions(store.sessions, now=clock(), rules=SessionRules())
        office = Office(
            request=request,
            inputs=inputs,
            is_example=programme.demo_seed is not None,
            store=store,
            desk=desk_of(store),
            providers=_providers(settings, clock),
            settings=settings,
            clock=clock,
        )
        prepared = programme.stage_folder(request.stage)
        yield replace(office, keeper=contest_of(office, prepared))


def contest_of(office: Office, prepared: Path) -> ContestKeeper | None:
    """The keeper of the contest prepared in the folder, or opened before."""
    work = office.request.work / CONTEST
    if not (has_contest(prepared) or has_contest(work)):
        return None
    plan = office.plan
    setting = ContestSetting(
        programme=plan.programme,
        stage=plan.stage,
        beacon=plan.beacon,
        prepared=prepared,
        work=work,
    )
    return ContestKeeper(
        setting, store=office.store, desk=office.desk, clock=office.now
    )


def first_invitations(office: Office) -> tuple[tuple[Invitation, str], ...]:
    """Invitations of an office nobody has entered yet, with the tokens of their links.

    One for the office; an example has one for every other role besides, so that
    all of it can be tried.
    """
    invited = [Invited(role=Role.OFFICE)]
    if office.is_example:
        invited += [
            Invited(role=Role.AUDITOR),
            Invited(role=Role.EXPERT, subject=office.inputs.panel.experts[0].id),
            Invited(role=Role.TEAM, subject=office.plan.teams[0]),
            Invited(role=Role.EXPERT_USER, subject="u01"),
        ]
    return invite_first(office.desk, invited, now=office.now())


def _providers(
    settings: Settings, clock: Callable[[], datetime]
) -> dict[str, IdentityProvider]:
    if settings.identity_providers is None:
        return {}
    # The adapter needs packages that an office with local accounts need not have.
    from dokja.adapters.identity import OidcProvider, read_providers

    file = Path(settings.identity_providers)
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(
            f"the identity providers cannot be read from {file}",
            remedy="check DOKJA_IDENTITY_PROVIDERS and who may read the file",
        ) from error
    found = [OidcProvider(each, clock=clock) for each in read_providers(text)]
    return {provider.name: provider for provider in found}


def desk_of(store: Store) -> Desk:
    """Everything the acts on people work with."""
    return Desk(
        people=store.people,
        sessions=store.sessions,
        attempts=store.attempts,
        audit=store.audit,
        drafts=store.drafts,
        keys=store.keys,
        passages=store.passages,
        passwords=Argon2Hasher(),
        secrets=SystemSecrets(),
    )
