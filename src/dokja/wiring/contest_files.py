"""A contest's files: as the office prepares them, and as they were at the opening.

At the opening they are copied into the office's own folder. From then on the
copy is what is served: an edit of the prepared files changes no contest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dokja.adapters.folders.text_files import read_text
from dokja.adapters.folders.whole_file import written_beside
from dokja.contest.plan import check_answers, parse_answers, parse_contest
from dokja.contest.served.values import EndpointRules
from dokja.contest.values import ContestPlan, EndpointRule, PreparedAnswer
from dokja.errors import InvalidInput
from dokja.wiring.endpoints import pictures_in

PLAN, ANSWERS, PICTURES = "contest.toml", "answers.jsonl", "pictures"
ENDPOINTS = "endpoints.toml"
"""Beside a plan: the models are asked while the contest runs."""


@dataclass(frozen=True, kw_only=True)
class ContestMaterials:
    """What a contest is run from."""

    plan: ContestPlan
    plan_text: str
    answers: tuple[PreparedAnswer, ...]
    answers_text: str
    pictures: Mapping[str, bytes]
    """By digest, of the prompts alone."""
    endpoints_text: str = ""
    """Of the list of models; empty where every answer was prepared."""


def has_contest(folder: Path) -> bool:
    """Whether a contest was prepared in the folder."""
    return (folder / PLAN).is_file()


def read_materials(folder: Path) -> ContestMaterials:
    """The contest in the folder, checked. Raises: InvalidInput, Unavailable."""
    plan_text = read_text(folder / PLAN)
    plan = parse_contest(plan_text, where=PLAN)
    answers_text, answers = "", tuple[PreparedAnswer, ...]()
    if _needs_answers(plan, folder):
        answers_text = read_text(folder / ANSWERS)
        answers = parse_answers(answers_text, where=ANSWERS)
        check_answers(plan, answers, where=ANSWERS)
    return ContestMaterials(
        plan=plan,
        plan_text=plan_text,
        answers=answers,
        answers_text=answers_text,
        pictures=_pictures(plan, folder / PICTURES),
        endpoints_text=read_text(folder / ENDPOINTS)
        if (folder / ENDPOINTS).is_file()
        else "",
    )


def _needs_answers(plan: ContestPlan, folder: Path) -> bool:
    """Whether the contest cannot be held without prepared answers."""
    is_live = (folder / ENDPOINTS).is_file()
    stand_in = plan.rules.endpoints is EndpointRule.PREPARED
    return not is_live or stand_in or (folder / ANSWERS).is_file()


def freeze_materials(materials: ContestMaterials, folder: Path) -> None:
    """Nothing; the folder holds the contest as it is opened."""
    pictures = folder / PICTURES
    pictures.mkdir(parents=True, exist_ok=True)
    for digest, image in materials.pictures.items():
        ending = "png" if image.startswith(b"\x89PNG") else "jpg"
        name = f"{digest.removeprefix('sha256:')}.{ending}"
        _write(pictures / name, image)
    if materials.endpoints_text:
        _write(folder / ENDPOINTS, materials.endpoints_text.encode())
    if materials.answers:
        _write(folder / ANSWERS, materials.answers_text.encode())
    # Last, because with it the folder counts as holding a contest.
    _write(folder / PLAN, materials.plan_text.encode())


def _write(path: Path, data: bytes) -> None:
    written_beside(path, data).replace(path)


def _pictures(plan: ContestPlan, folder: Path) -> dict[str, bytes]:
    wanted = {p.image_digest for p in plan.prompts if p.image_digest}
    if not wanted:
        return {}
    found = {d: i for d, i in pictures_in(folder, EndpointRules()) if d in wanted}
    if wanted - set(found):
        raise InvalidInput(
            f"there is no picture with the digest {min(wanted - set(found))}",
            remedy=f"put the PNG or JPEG of each prompt into {PICTURES}/",
        )
    return found
