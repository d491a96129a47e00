"""Endpoints of the teams: opened from the office's list, asked for prepared answers."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from dokja.adapters.endpoint import ExampleModel, PatientEndpoint, ServedModel
from dokja.adapters.folders.answer_folder import AnswerFolder
from dokja.adapters.folders.text_files import read_text
from dokja.adapters.weights import LocalModelFolder
from dokja.contest.plan import parse_contest
from dokja.contest.served.pictures import picture_kind
from dokja.contest.served.prepared import (
    AnswerPlan,
    AskedModel,
    AskedPrompt,
    Ended,
    Place,
    Prepared,
    gather,
    make_plan,
    missing_answer,
    open_places,
)
from dokja.contest.served.values import (
    Answer,
    Endpoint,
    EndpointFault,
    EndpointRules,
    FaultReason,
)
from dokja.contest.values import Prompt
from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_bytes, digest_of, read_as
from dokja.settings import Settings
from dokja.submission.seal import files_root
from dokja.wiring.engines import DIGEST

ENDPOINTS_SCHEMA = "dokja-endpoints/1"
PICTURES = frozenset({".png", ".jpg", ".jpeg"})
OnItems = Callable[[int, int], None]


class TeamEndpoint(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Where a team's model is: at an address, or in a folder of this machine."""

    team: str
    model: str
    """Name under which the server knows it, to the letter."""
    address: str = ""
    """Of the server, without the `/v1`; stands in no result."""
    weights: str = ""
    """Digest of the served weights, as the office declares it."""
    folder: str = ""
    """Of a small model that runs in this process; relative to the list."""


class EndpointList(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The office's list of endpoints, and the rules that are equal for all."""

    schema: str
    teams: tuple[TeamEndpoint, ...]
    rules: EndpointRules = EndpointRules()


@dataclass(frozen=True, kw_only=True)
class AnswersRequest:
    """Which prompts to ask which models, and where the answers are kept."""

    contest: Path
    """Plan of the contest, with its prompts; pictures lie in its folder."""
    endpoints: Path
    out: Path
    at_once: int
    """Questions that each model is asked at once; changes times alone."""


def read_endpoints(path: Path) -> EndpointList:
    """The office's list. Raises: InvalidInput, Unavailable."""
    found = read_as(_toml(path), EndpointList, where=str(path))
    if found.schema != ENDPOINTS_SCHEMA:
        raise InvalidInput(
            f"{path} is of {found.schema!r}, not {ENDPOINTS_SCHEMA!r}",
            remedy=f'write schema = "{ENDPOINTS_SCHEMA}"',
        )
    names = [entry.team for entry in found.teams]
    if len(set(names)) < len(names):
        raise InvalidInput(
            f"{path} names a team twice", remedy="give every team one endpoint"
        )
    for entry in found.teams:
        served = bool(entry.address)
        if served == bool(entry.folder) or served != bool(
            DIGEST.fullmatch(entry.weights)
        ):
            raise InvalidInput(
                f"{path}: team {entry.team} needs an address and the digest of the "
                "served weights, or a folder alone",
                remedy="give weights as sha256: and 64 hex digits",
            )
    return found


def open_endpoints(
    found: EndpointList, *, beside: Path, settings: Settings, seed: str
) -> dict[str, Endpoint]:
    """An endpoint for each team; to be closed by whoever opened them.

    `seed` is a digest that waits and draws are bound to, such as the contest's
    rules. Raises: InvalidInput for a bad address, Unavailable without the extra.
    """
    return {
        team: PatientEndpoint(model, rules=found.rules, seed=seed)
        for team, model in open_models(found, beside=beside, settings=settings).items()
    }


def open_models(
    found: EndpointList, *, beside: Path, settings: Settings
) -> dict[str, ServedModel | ExampleModel]:
    """The model of each team, which asks once and waits for nobody.

    Raises: InvalidInput for a bad address, Unavailable without the extra.
    """
    keys = _keys(settings, {entry.team for entry in found.teams})
    return {
        entry.team: ServedModel(
            address=entry.address,
            name=entry.model,
            rules=found.rules,
            secret=keys.get(entry.team, ""),
        )
        if entry.address
        else ExampleModel(beside / entry.folder, name=entry.model, rules=found.rules)
        for entry in found.teams
    }


def plan_answers(request: AnswersRequest, *, settings: Settings) -> AnswerPlan:
    """What would be asked; nobody is asked yet. Raises: InvalidInput, Unavailable."""
    found = read_endpoints(request.endpoints)
    contest = parse_contest(read_text(request.contest), where=str(request.contest))
    strangers = {entry.team for entry in found.teams} - set(contest.rules.teams)
    if strangers:
        raise InvalidInput(
            f"{request.endpoints} lists {min(strangers)}, no team of the contest",
            remedy="name the teams as the contest's plan does",
        )
    models = [
        AskedModel(
            team=entry.team,
            model=entry.model,
            weights=entry.weights
            or _weights(request.endpoints.parent / entry.folder, settings),
        )
        for entry in found.teams
    ]
    prompts = [
        AskedPrompt(
            id=planned.id, text=planned.text, image=planned.image_digest or None
        )
        for planned, _ in _prompts(request.contest, found.rules)
    ]
    return make_plan(prompts, models, found.rules)


def prepare_answers(
    request: AnswersRequest,
    *,
    settings: Settings,
    now: Callable[[], str],
    on_items: OnItems,
) -> Prepared:
    """Every answer that could be had, kept in the folder; goes on where it stopped.

    What could not be had is noted with its reason and asked again the next time.
    Raises: Conflict where the folder keeps answers to another plan.
    """
    plan = plan_answers(request, settings=settings)
    folder = AnswerFolder(request.out)
    folder.begin(plan)
    found = read_endpoints(request.endpoints)
    endpoints = open_endpoints(
        found,
        beside=request.endpoints.parent,
        settings=settings,
        seed=digest_of(plan.rules),
    )
    asking = _Asking(
        plan=plan,
        folder=folder,
        endpoints=endpoints,
        images={
            planned.id: image
            for planned, image in _prompts(request.contest, plan.rules)
        },
        now=now,
        on_items=on_items,
    )
    prepared = gather(plan, asyncio.run(asking.all(at_once=request.at_once)))
    folder.publish(prepared)
    return prepared


async def last_reply(
    endpoint: Endpoint, prompt: str, image: bytes | None = None
) -> Answer | EndpointFault:
    """The whole answer, or why there is none."""
    end: Answer | EndpointFault | None = None
    async for reply in endpoint.answer(prompt, image):
        if isinstance(reply, Answer | EndpointFault):
            end = reply
    return end or EndpointFault(reason=FaultReason.CUT_OFF, detail="there is no end")


@dataclass(frozen=True, kw_only=True)
class _Asking:
    plan: AnswerPlan
    folder: AnswerFolder
    endpoints: Mapping[str, Endpoint]
    images: Mapping[str, bytes | None]
    now: Callable[[], str]
    on_items: OnItems

    async def all(self, *, at_once: int) -> dict[Place, Ended]:
        """The end of every asking, of those that were kept before as well."""
        ends = self.folder.kept(self.plan)
        texts = {prompt.id: prompt.text for prompt in self.plan.prompts}
        turns = {team: asyncio.Semaphore(at_once) for team in self.endpoints}
        total = len(self.plan.prompts) * len(self.plan.models)

        async def one(place: Place) -> None:
            prompt, team = place
            async with turns[team]:
                end = await last_reply(
                    self.endpoints[team], texts[prompt], self.images[prompt]
                )
            ends[place] = self._kept(place, end)
            self.on_items(len(ends), total)

        tasks = [
            asyncio.ensure_future(one(place)) for place in open_places(self.plan, ends)
        ]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            for endpoint in self.endpoints.values():
                await endpoint.close()
        return ends

    def _kept(self, place: Place, reply: Answer | EndpointFault) -> Ended:
        at = self.now()
        if isinstance(reply, Answer):
            self.folder.keep(self.plan, place, reply, at=at)
        else:
            self.folder.note(missing_answer(place, reply, at=at))
        return Ended(reply=reply, at=at)


def _prompts(path: Path, rules: EndpointRules) -> Sequence[tuple[Prompt, bytes | None]]:
    """The plan's prompts with their pictures. Raises: InvalidInput, Unavailable."""
    found = parse_contest(read_text(path), where=str(path)).prompts
    wanted = any(prompt.image_digest for prompt in found)
    pictures = dict(pictures_in(path.parent, rules)) if wanted else {}
    missing = {p.image_digest for p in found if p.image_digest} - set(pictures)
    if missing:
        raise InvalidInput(
            f"{path.parent} holds no picture with the digest {min(missing)}",
            remedy="put the PNG or JPEG of each prompt beside the contest's plan",
        )
    return [(prompt, pictures.get(prompt.image_digest)) for prompt in found]


def pictures_in(folder: Path, rules: EndpointRules) -> Iterator[tuple[str, bytes]]:
    """Digest and bytes of every picture in the folder and those below it."""
    for place in sorted(folder.rglob("*")):
        if place.suffix.lower() in PICTURES and place.is_file():
            with place.open("rb") as file:
                image = file.read(rules.most_image_bytes + 1)
            picture_kind(image, rules)
            yield digest_bytes(image), image


def _weights(folder: Path, settings: Settings) -> str:
    return files_root(
        LocalModelFolder(folder, block_bytes=settings.block_bytes).files()
    )


def _keys(settings: Settings, teams: set[str]) -> dict[str, str]:
    """Each team's key. Raises: InvalidInput, which repeats no key."""
    if settings.endpoint_keys is None:
        return {}
    found = _toml(Path(settings.endpoint_keys))
    if not all(isinstance(key, str) for key in found.values()) or set(found) - teams:
        raise InvalidInput(
            "the file of DOKJA_ENDPOINT_KEYS holds something other than the keys of "
            "the teams that are listed",
            remedy='write one line for each team, such as t1 = "…"',
        )
    return found


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            f"{path} is not TOML: {error}", remedy="correct the named line"
        ) from error
