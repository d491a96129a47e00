"""The office that the web serves: its programme, its stage and its two stores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

import msgspec

from dokja.adapters.passwords import Argon2Hasher, SystemSecrets
from dokja.adapters.store import Store, open_store
from dokja.contest.served.endpoint_faults import fault_act
from dokja.contest.served.values import EndpointFault, FaultRecord
from dokja.errors import Conflict, InvalidInput, Unavailable
from dokja.evidence.canonical import digest_of
from dokja.evidence.values import Text
from dokja.lineage import shipped_rules
from dokja.people import Invited, Place, clear_sessions, invite_first, notices_for
from dokja.people.ports import Desk, IdentityProvider
from dokja.people.values import (
    ConsentNotice,
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
from dokja.wiring.citizen_panel import QuotaAdmission, admission_of
from dokja.wiring.contest_answers import LiveAnswers
from dokja.wiring.contest_files import ENDPOINTS, has_contest, read_materials
from dokja.wiring.contests import ContestKeeper, ContestSetting
from dokja.wiring.endpoints import EndpointList, open_endpoints, read_endpoints
from dokja.wiring.office_store import office_database
from dokja.wiring.programmes import find_programme
from dokja.wiring.trials import FOLDER as TRIALS
from dokja.wiring.trials import TrialsKeeper

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
    trials: TrialsKeeper | None = None
    """None where invited users have no tasks."""

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
    def admission(self) -> QuotaAdmission | None:
        """What a voter must fit into; None where everybody may vote."""
        return admission_of(self.keeper)

    def notices(self, role: Role) -> tuple[ConsentNotice, ...]:
        """What somebody of this role is told before they agree."""
        is_panel = self.keeper is not None and self.keeper.plan.quotas is not None
        return notices_for(role, self.controller, is_panel=is_panel)

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

    @cached_property
    def rules_digest(self) -> str:
        """Digest of the rules in force; every page names it."""
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
    with open_store(office_database(request.work, settings)) as store:
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
        keeper = contest_of(office, prepared)
        trials = trials_of(office, prepared)
        try:
            yield replace(office, keeper=keeper, trials=trials)
        finally:
            if keeper is not None:
                keeper.close()


def contest_of(office: Office, prepared: Path) -> ContestKeeper | None:
    """The keeper of the contest prepared in the folder, or opened before."""
    setting = _setting(office, prepared)
    if not (has_contest(prepared) or has_contest(setting.work)):
        return None
    return ContestKeeper(
        setting,
        store=office.store,
        desk=office.desk,
        clock=office.now,
        live=_live_answers(office, prepared, setting.work),
    )


def trials_of(office: Office, prepared: Path) -> TrialsKeeper | None:
    """The keeper of the user evaluation on tasks in the folder, or opened before."""
    setting = _setting(office, prepared)
    places = (prepared / TRIALS, setting.work / TRIALS, prepared, setting.work)
    if not any(map(has_contest, places)):
        return None
    return TrialsKeeper(
        setting,
        office.inputs.ballot_box,
        store=office.store,
        desk=office.desk,
        clock=office.now,
    )


def _setting(office: Office, prepared: Path) -> ContestSetting:
    plan = office.plan
    return ContestSetting(
        programme=plan.programme,
        stage=plan.stage,
        beacon=plan.beacon,
        prepared=prepared,
        work=office.request.work / CONTEST,
    )


def _live_answers(office: Office, prepared: Path, work: Path) -> LiveAnswers | None:
    """The teams' models, where the contest asks them while it runs."""
    folder = work if has_contest(work) else prepared
    if not (folder / ENDPOINTS).is_file():
        return None
    found = _models(folder, prepared)
    contest, place = read_materials(folder).plan.rules, office.place
    endpoints = open_endpoints(
        found, beside=prepared, settings=office.settings, seed=digest_of(contest)
    )

    def on_fault(team: str, fault: EndpointFault) -> None:
        at = office.now().isoformat()
        record = FaultRecord(contest=contest.id, team=team, reason=fault.reason, at=at)
        act = fault_act(
            fault, programme=place.programme, stage=place.stage, record=record
        )
        office.store.votes.append(act)

    missing = sorted(set(contest.teams) - set(endpoints))
    if missing:
        raise InvalidInput(
            f"{ENDPOINTS} names no model of {', '.join(missing)}",
            remedy="list every team of the contest, or take the file away",
        )
    return LiveAnswers(endpoints, folder=work / "answers", on_fault=on_fault)


def _models(folder: Path, prepared: Path) -> EndpointList:
    """The list of models: where they are served as of now, all else as opened.

    Raises: Conflict where other weights would be asked than at the opening.
    """
    found = read_endpoints(folder / ENDPOINTS)
    if not (prepared / ENDPOINTS).is_file():
        return found
    now = read_endpoints(prepared / ENDPOINTS).teams
    known = {entry.team: (entry.weights, entry.folder) for entry in found.teams}
    if known != {entry.team: (entry.weights, entry.folder) for entry in now}:
        raise Conflict(
            f"{ENDPOINTS} names other weights than the contest was opened with",
            remedy="one checkpoint a stage: serve the weights of the opening",
        )
    return msgspec.structs.replace(found, teams=now)


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
