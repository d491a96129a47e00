"""Names of files that mean the same on every machine that reads a submission."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from dokja.errors import InvalidInput

UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Unicode categories of what nobody sees in a name, or nobody can write down.

Not of what is unassigned: that would change with the version of Python.
"""
SEPARATORS = frozenset("\\:")
"""Which another system would read as the end of a folder or a drive."""


def check_names(paths: Iterable[str]) -> None:
    """Nothing. Raises: InvalidInput for a name that another machine reads otherwise.

    That is one with bytes that are no UTF-8, with letters nobody sees, or one that
    falls together with another where case or composition of letters is ignored.
    """
    known: dict[str, str] = {}
    for path in sorted(paths):
        _check_letters(path)
        for part in _parts(path):
            folded = unicodedata.normalize("NFC", part).casefold()
            if known.setdefault(folded, part) != part:
                raise InvalidInput(
                    f"{_shown(known[folded])} and {_shown(part)} are one name on a "
                    "machine that ignores case or how letters are composed",
                    remedy="rename one of them",
                )


def _check_letters(path: str) -> None:
    for letter in path:
        if unicodedata.category(letter) in UNSEEN or letter in SEPARATORS:
            raise InvalidInput(
                f"the name {_shown(path)} holds a letter that cannot be seen, written "
                "down or carried to another machine",
                remedy="rename the file with letters, digits, '.', '-' and '_'",
            )
    if any(part != part.strip() or part.endswith(".") for part in path.split("/")):
        raise InvalidInput(
            f"the name {_shown(path)} begins or ends with a space, or ends with a dot, "
            "which some machines drop",
            remedy="rename the file",
        )


def _parts(path: str) -> Iterator[str]:
    """The path and each folder above it, the outermost first."""
    names = path.split("/")
    for count in range(1, len(names) + 1):
        yield "/".join(names[:count])


def _shown(path: str) -> str:
    return repr(path)
