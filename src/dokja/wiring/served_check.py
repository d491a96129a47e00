"""Asking a team's endpoint and the office's own servers the same prompts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from dokja.adapters.endpoint import ExampleModel, PatientEndpoint, ServedModel
from dokja.adapters.folders.text_files import read_text
from dokja.contest.plan import parse_contest
from dokja.contest.served.values import Answer, EndpointRules
from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_of
from dokja.independence.served.compare_served import compare_served
from dokja.independence.served.values import PromptAnswers, ServedReport, ServedRules
from dokja.settings import Settings
from dokja.wiring.endpoints import (
    EndpointList,
    last_reply,
    open_models,
    read_endpoints,
)

OnItems = Callable[[int, int], None]
Models = Mapping[str, ServedModel | ExampleModel]
SEALED, SERVED, CONTROL = "sealed", "served", "control"


@dataclass(frozen=True, kw_only=True)
class ServedRequest:
    """Whose endpoint to check, against which models of the office's own."""

    team: str
    control: str
    """Another team of the office's list, which the test has to tell apart."""
    endpoints: Path
    own: Path
    """The office's list of endpoints that serve the sealed weights themselves."""
    contest: Path
    draws: int
    beacon: str
    rules: ServedRules


def check_served(
    request: ServedRequest, *, settings: Settings, on_items: OnItems
) -> ServedReport:
    """The report on the endpoint.

    Raises: InvalidInput where a list lacks the team or the control, and for too few
    answers; Unavailable without the extra that asks.
    """
    if request.control == request.team:
        raise InvalidInput(
            "the control is the team's own model", remedy="name another team"
        )
    prompts = _prompts(request)
    asking = _Asking(
        request=request,
        greedy=_models(request, settings, temperature=0.0),
        drawn=_models(request, settings, temperature=request.rules.temperature),
        on_items=on_items,
    )
    found = asyncio.run(asking.all(prompts))
    answers = [one for one in found if one is not None]
    return compare_served(
        answers,
        request.rules,
        team=request.team,
        control=request.control,
        beacon=request.beacon,
        missing=len(found) - len(answers),
    )


@dataclass(frozen=True, kw_only=True)
class _Asking:
    request: ServedRequest
    greedy: Models
    drawn: Models
    on_items: OnItems

    async def all(
        self, prompts: Sequence[tuple[str, str]]
    ) -> list[PromptAnswers | None]:
        """What the three models answer to every prompt; None where one did not."""
        found = []
        try:
            for done, (name, text) in enumerate(prompts, start=1):
                found.append(await self._one(name, text))
                self.on_items(done, len(prompts))
        finally:
            for model in (*self.greedy.values(), *self.drawn.values()):
                await model.close()
        return found

    async def _one(self, name: str, text: str) -> PromptAnswers | None:
        greedy: dict[str, str] = {}
        drawn: dict[str, tuple[str, ...]] = {}
        for side in (SEALED, SERVED, CONTROL):
            first = await self._said(self.greedy[side], text, f"{side}/greedy")
            said = [
                await self._said(self.drawn[side], text, f"{side}/{number}")
                for number in range(self.request.draws)
            ]
            whole = [answer for answer in said if answer is not None]
            if first is None or len(whole) < len(said):
                return None
            greedy[side], drawn[side] = first, tuple(whole)
        return PromptAnswers(
            prompt=name,
            sealed_greedy=greedy[SEALED],
            served_greedy=greedy[SERVED],
            control_greedy=greedy[CONTROL],
            sealed=drawn[SEALED],
            served=drawn[SERVED],
            control=drawn[CONTROL],
        )

    async def _said(
        self, model: ServedModel | ExampleModel, text: str, draw: str
    ) -> str | None:
        """The answer's words; each draw has a seed of its own, on every side."""
        endpoint = PatientEndpoint(
            model,
            rules=_asked_under(self.request.rules),
            seed=digest_of([self.request.beacon, self.request.team, draw]),
        )
        reply = await last_reply(endpoint, text)
        return reply.text if isinstance(reply, Answer) else None


def _asked_under(rules: ServedRules) -> EndpointRules:
    return EndpointRules(most_tokens=rules.most_tokens)


def _models(
    request: ServedRequest, settings: Settings, *, temperature: float
) -> Models:
    """The three models by side, asked at a temperature."""
    own = {SEALED: request.team, CONTROL: request.control}
    served = {SERVED: request.team}
    opened: dict[str, ServedModel | ExampleModel] = {}
    for path, sides in ((request.own, own), (request.endpoints, served)):
        found = _only(read_endpoints(path), set(sides.values()), path)
        rules = msgspec.structs.replace(
            _asked_under(request.rules), temperature=temperature
        )
        models = open_models(
            msgspec.structs.replace(found, rules=rules),
            beside=path.parent,
            settings=settings,
        )
        opened |= {side: models[team] for side, team in sides.items()}
    return opened


def _only(found: EndpointList, teams: set[str], path: Path) -> EndpointList:
    listed = tuple(entry for entry in found.teams if entry.team in teams)
    missing = teams - {entry.team for entry in listed}
    if missing:
        raise InvalidInput(
            f"{path} does not list {', '.join(sorted(missing))}",
            remedy="list its endpoint, or name another team",
        )
    return msgspec.structs.replace(found, teams=listed)


def _prompts(request: ServedRequest) -> list[tuple[str, str]]:
    """The contest's prompts without a picture: id and text."""
    contest = parse_contest(read_text(request.contest), where=str(request.contest))
    return [(one.id, one.text) for one in contest.prompts if not one.image_digest]
