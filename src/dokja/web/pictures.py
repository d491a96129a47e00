"""Pictures of prompts and tasks, as pictures and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.responses import Response

from dokja.contest.served.pictures import picture_kind
from dokja.contest.served.values import EndpointRules


def picture_answer(pictures: Mapping[str, bytes], name: str) -> Response:
    """The picture whose digest is `name`; a page that is not there without one."""
    found = pictures.get(f"sha256:{name}")
    if found is None:
        raise HTTPException(404)
    return Response(
        found,
        media_type=picture_kind(found, EndpointRules()).value,
        headers={"content-security-policy": "default-src 'none'; sandbox"},
    )
