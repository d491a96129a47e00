"""An organiser's programme on disk: rulebook, key, stages with their files."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from dokja.adapters.folders.whole_file import written_beside
from dokja.errors import InvalidInput, Unavailable

if TYPE_CHECKING:
    from dokja.stage.inputs import StageTexts

REPLAYS = "replays"
"""Folder of a stage that holds what auditors signed of replayed training."""
TEXT_BYTES_MAX = 64 << 20


class ProgrammeFolder:
    """Reads what `programmes/<id>` or a copy of the example programme holds."""

    def __init__(self, root: Path) -> None:
        if not (root / "rulebook.toml").is_file():
            raise Unavailable(
                f"{root} holds no rulebook.toml",
                remedy="give the folder of a programme, or the name of a shipped one",
            )
        self.root = root

    @property
    def rulebook(self) -> str:
        """Text of the rulebook."""
        return self._text("rulebook.toml")

    @property
    def public_key(self) -> str | None:
        """PEM text of the key pinned beside the rulebook, None if there is none."""
        return (
            self._text("office.pub") if (self.root / "office.pub").is_file() else None
        )

    @property
    def demo_seed(self) -> bytes | None:
        """Seed text of a demonstration key, which proves nothing; None elsewhere."""
        path = self.root / "demo-key.toml"
        if not path.is_file():
            return None
        return str(tomllib.loads(self._text(path.name))["seed_text"]).encode()

    @property
    def stages(self) -> tuple[str, ...]:
        """Stages that have a plan, by name."""
        return tuple(sorted(p.parent.name for p in self.root.glob("*/stage.toml")))

    def plan_text(self, stage: str) -> str:
        """Text of a stage's plan."""
        return self._text(f"{self.stage_folder(stage).name}/stage.toml")

    def suite_texts(self, stage: str) -> dict[str, tuple[str, str]]:
        """Texts of header and items of every suite that lies beside a plan."""
        found = sorted((self.stage_folder(stage) / "suites").glob("*/suite.toml"))
        names = [path.parent.relative_to(self.root) for path in found]
        return {
            name.name: (
                self._text(f"{name}/suite.toml"),
                self._text(f"{name}/items.jsonl"),
            )
            for name in names
        }

    def stage_folder(self, stage: str) -> Path:
        """Folder of a stage. Raises: Unavailable where there is no plan in it."""
        folder = self.root / stage
        if not (folder / "stage.toml").is_file():
            raise Unavailable(
                f"{self.root.name} has no stage {stage!r} that can be run",
                remedy=f"stages with a plan: {', '.join(self.stages) or 'none'}",
            )
        return folder

    def stage_texts(self, stage: str) -> StageTexts:
        """Texts of everything the organiser prepared for the stage."""
        # A rulebook alone is read without loading the stages.
        from dokja.contest.published.published_contest import FILE as CONTEST
        from dokja.independence.book import FILE as DOSSIER
        from dokja.panel.plan import ASSIGNMENT, INTERESTS
        from dokja.stage.inputs import StageTexts
        from dokja.stage.panel_inputs import PANEL
        from dokja.standing.indices.recorded import CANDIDATES, FIGURES

        folder = self.stage_folder(stage).relative_to(self.root)
        return StageTexts(
            rulebook=self.rulebook,
            plan=self.plan_text(stage),
            suites=self.suite_texts(stage),
            panel=self._text(f"{folder}/{PANEL}"),
            ballots=self._text(f"{folder}/ballots.json"),
            replies=self._text(f"{folder}/replies.json"),
            candidates=self._text_if_there(f"{folder}/{CANDIDATES}"),
            figures=self._text_if_there(f"{folder}/{FIGURES}"),
            interests=self._text_if_there(f"{folder}/{INTERESTS}"),
            assignment=self._text_if_there(f"{folder}/{ASSIGNMENT}"),
            contest=self._text_if_there(f"{folder}/{CONTEST}"),
            replays=tuple(
                self._text(f"{folder}/{REPLAYS}/{path.name}")
                for path in sorted((self.root / folder / REPLAYS).glob("*.json"))
            ),
            dossier=self._text_if_there(f"{folder}/{DOSSIER}"),
        )

    def panel_texts(self, stage: str) -> tuple[str, str | None, str | None]:
        """Texts of the panel, of the interests and of the assignment, as they stand.

        Read apart from the rest: an assignment may be frozen while a stage runs.
        """
        from dokja.panel.plan import ASSIGNMENT, INTERESTS
        from dokja.stage.panel_inputs import PANEL

        folder = self.stage_folder(stage).relative_to(self.root)
        return (
            self._text(f"{folder}/{PANEL}"),
            self._text_if_there(f"{folder}/{INTERESTS}"),
            self._text_if_there(f"{folder}/{ASSIGNMENT}"),
        )

    def write_panel_file(self, stage: str, name: str, data: bytes) -> Path:
        """Path of a file of the panel in the stage's folder, written whole.

        Raises: Unavailable where nothing can be written there.
        """
        path = self.stage_folder(stage) / name
        try:
            written_beside(path, data).replace(path)
        except OSError as error:
            raise Unavailable(
                f"{path} cannot be written: {error}",
                remedy="copy the programme to a folder that the office may write to",
            ) from error
        return path

    def _text_if_there(self, name: str) -> str | None:
        return self._text(name) if (self.root / name).exists() else None

    def _text(self, name: str) -> str:
        path = self.root / name
        try:
            if path.stat().st_size > TEXT_BYTES_MAX:
                raise InvalidInput(
                    f"{path} is larger than {TEXT_BYTES_MAX} bytes",
                    remedy="split it; an organiser's file is read whole",
                )
            return path.read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise Unavailable(
                f"{path} is missing", remedy="put the file there, or correct the plan"
            ) from error
        except UnicodeDecodeError as error:
            raise InvalidInput(
                f"{path} is not UTF-8 text: {error}", remedy="save it as UTF-8"
            ) from error
