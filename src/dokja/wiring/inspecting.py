"""A submission as sealing would read it, apart from the wiring of stages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dokja.adapters.weights import LocalModelFolder
from dokja.errors import DokjaError, Unavailable
from dokja.settings import Settings
from dokja.submission import Seal, parse_manifest, seal_submission
from dokja.submission.seal import MANIFEST

OnStep = Callable[[str, str], None]


def inspect_submission(folder: Path, *, settings: Settings, on_step: OnStep) -> Seal:
    """The seal a folder would get, under no rules yet.

    Raises: what sealing raises, so that a team meets it before the deadline.
    """
    if not folder.is_dir():
        raise no_folder(folder)
    opened = LocalModelFolder(folder, block_bytes=settings.block_bytes)
    manifest = parse_manifest(opened.read_text(MANIFEST), where=MANIFEST)
    return seal_submission(
        opened,
        team=manifest.team,
        stage=manifest.stage,
        rules_digest="",
        on_component=lambda part: on_step("read", part),
    )


def no_folder(folder: Path) -> DokjaError:
    """The refusal of a place that holds no model."""
    return Unavailable(
        f"there is no model in {folder}",
        remedy="put the submission there, or correct the stage's plan",
    )
