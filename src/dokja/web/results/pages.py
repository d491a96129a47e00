"""Published bundles with what verifying them found, and the pages of their record."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from fastapi import Path as InPath
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from dokja.bundle.values import KeyOrigin, Trust
from dokja.decision.values import StageDecision
from dokja.evidence.values import CheckResult, Text
from dokja.report.site.pages import BUNDLE
from dokja.report.wording import STATUS
from dokja.web.entry import Visitor
from dokja.web.pages import Page, Room
from dokja.wiring.published import Volume, shelf_of

results = Room()
Name = InPath(pattern="^[a-z0-9][a-z0-9.-]{0,62}$")

TITLE = Text(ko="결과", en="Results")
KINDS: Mapping[str, str] = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "toml": "text/plain; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "pem": "text/plain; charset=utf-8",
}
PLAIN = "application/octet-stream"
SANDBOX = "default-src 'none'; sandbox"
BUNDLED = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "img-src data:; sandbox allow-scripts"
)
"""A page that lies in a bundle is its signer's: it runs apart from this site."""
TRUST: Mapping[Trust, Text] = {
    Trust.VERIFIED: Text(
        ko="모든 확인을 통과했습니다. 서명한 열쇠도 미리 알려진 것입니다.",
        en="Every check passed, and the key that signed it was known before.",
    ),
    Trust.UNTRUSTED: Text(
        ko="내용은 서로 맞지만, 서명한 열쇠를 따로 확인해 줄 근거가 없습니다.",
        en="Its parts fit together, but nothing vouches for the key that signed it.",
    ),
    Trust.INCONCLUSIVE: Text(
        ko="내용은 서로 맞지만, 다시 잰 것 가운데 결론이 나지 않은 것이 있습니다.",
        en="Its parts fit together; something measured again settled nothing.",
    ),
    Trust.FAILED: Text(
        ko="확인에 실패했습니다. 내용을 보여 드리지 않습니다.",
        en="It does not verify; its contents are not shown.",
    ),
}


class TeamLine(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided on one team."""

    team: str
    status: Text


class ShownCheck(msgspec.Struct, frozen=True, kw_only=True):
    """A check of the verification."""

    id: str
    is_failed: bool
    detail: Text


class VolumeView(msgspec.Struct, frozen=True, kw_only=True):
    """One published bundle."""

    name: str
    title: Text
    trust: Trust | None
    trust_text: Text
    key_origin: KeyOrigin | None
    checks: tuple[ShownCheck, ...]
    teams: tuple[TeamLine, ...]
    synthetic: tuple[Text, ...]
    has_pages: bool


class ResultsView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was published."""

    volumes: tuple[VolumeView, ...]


@results.page("/results")
def published(visit: Visitor) -> Page:
    """The published bundles, verified as they lie here."""
    shelf = shelf_of(visit.office)
    view = ResultsView(volumes=tuple(_view(volume) for volume in shelf.volumes()))
    return Page(template="results/results.html", title=TITLE, view=view)


@results.router.get("/record/{name}")
def front(visit: Visitor, name: str = Name) -> Response:
    """On to the first page of the record, by an address whose links are right."""
    _volume(visit, name)
    return RedirectResponse(f"/record/{name}/", status_code=308)


@results.router.get("/record/{name}/{path:path}")
def page(visit: Visitor, path: str, name: str = Name) -> Response:
    """One file of the record's site.

    Files are looked up by name among those that were rendered: no path leads
    out of them. What is no page of ours may do nothing in a browser.
    """
    volume = _volume(visit, name)
    asked = path or "index.html"
    found = volume.pages.get(asked)
    if found is None:
        raise HTTPException(404)
    kind = KINDS.get(asked.rsplit(".", 1)[-1], PLAIN)
    headers = {"cache-control": "no-cache"}
    if kind != KINDS["html"]:
        headers["content-security-policy"] = SANDBOX
    elif asked.startswith(BUNDLE):
        headers["content-security-policy"] = BUNDLED
    return Response(found, media_type=kind, headers=headers)


def _volume(visit: Visitor, name: str) -> Volume:
    volume = shelf_of(visit.office).volume(name)
    if volume is None or not volume.pages:
        raise HTTPException(404)
    return volume


def _view(volume: Volume) -> VolumeView:
    found = volume.verification
    if found is None:
        return VolumeView(
            name=volume.name,
            title=Text(ko=volume.name, en=volume.name),
            trust=None,
            trust_text=Text(
                ko=f"읽을 수 없습니다: {volume.problem}",
                en=f"It cannot be read: {volume.problem}",
            ),
            key_origin=None,
            checks=(),
            teams=(),
            synthetic=(),
            has_pages=False,
        )
    record = volume.record
    return VolumeView(
        name=volume.name,
        title=(
            record.evidence.plan.name
            if record is not None
            else Text(ko=volume.name, en=volume.name)
        ),
        trust=found.trust,
        trust_text=TRUST[found.trust],
        key_origin=found.key_origin,
        checks=tuple(
            ShownCheck(
                id=check.id,
                is_failed=check.result is CheckResult.FAIL,
                detail=check.detail,
            )
            for check in found.checks
        ),
        teams=() if record is None else _teams(record.outcome.decision),
        synthetic=() if record is None else record.outcome.synthetic,
        has_pages=bool(volume.pages),
    )


def _teams(decision: StageDecision) -> tuple[TeamLine, ...]:
    return tuple(
        TeamLine(team=entry.team, status=STATUS[entry.status])
        for entry in decision.teams
    )
