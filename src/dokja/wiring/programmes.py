"""Programmes and rulebooks by path or name, apart from the wiring of stages.

A rulebook is read in a tenth of a second; what runs a stage takes ten to load.
"""

from __future__ import annotations

from pathlib import Path

from dokja.adapters.folders import ProgrammeFolder
from dokja.adapters.folders.text_files import read_text
from dokja.errors import Unavailable
from dokja.programme import ReadRulebook, Rulebook, parse_rulebook
from dokja.settings import shipped_folder

RULEBOOK = "rulebook.toml"


def find_programme(name: str) -> ProgrammeFolder:
    """The programme at a path, or shipped under the name."""
    if Path(name).is_dir():
        return ProgrammeFolder(Path(name).resolve())
    shipped = shipped_programmes()
    if name not in shipped:
        raise Unavailable(
            f"there is no programme {name!r}",
            remedy=f"give a folder, or one of {', '.join(sorted(shipped))}",
        )
    return shipped[name]


def find_rulebook(
    name: str, *, read: ReadRulebook = parse_rulebook
) -> tuple[Rulebook, str]:
    """A rulebook and where it was read: a file, a folder or a shipped name.

    `read` may be `read_rulebook`, which takes a draft that leaves things open.
    """
    path = Path(name)
    if path.is_file():
        return read(read_text(path), where=str(path)), str(path)
    programme = find_programme(name)
    where = str(programme.root / RULEBOOK)
    return read(programme.rulebook, where=where), where


def shipped_programmes() -> dict[str, ProgrammeFolder]:
    """Programmes that travel with Dokja, by name."""
    found = {"example": ProgrammeFolder(shipped_folder("examples") / "programme")}
    for path in sorted(shipped_folder("programmes").glob("*/rulebook.toml")):
        found[path.parent.name] = ProgrammeFolder(path.parent)
    return found
