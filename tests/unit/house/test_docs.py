"""The documents keep up with the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from dokja.cli import commands
from dokja.settings import Settings
from tests.unit.house.repository import DOCS, PACKAGE, ROOT, classes, shown

GUIDES = [ROOT / "README.md", *sorted((DOCS / "guides").glob("*.md"))]
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
PAGES = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]


def _commands(command: click.Command, path: str) -> Iterator[str]:
    """Every command that does something, as it is typed."""
    if not isinstance(command, click.Group):
        yield path
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        assert inner is not None, f"{path} lists {name} and does not have it"
        yield from _commands(inner, f"{path} {name}")


def test_every_command_is_documented() -> None:
    """A command nobody can look up is found by accident only."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in GUIDES)
    known = list(_commands(commands, "dokja"))
    assert "dokja demo" in known
    assert [command for command in known if command not in text] == []


def test_every_error_kind_is_documented() -> None:
    """A kind decides what the reader does next; the guides say what."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in GUIDES)
    kinds = {c.name for c in classes(PACKAGE / "errors.py")} - {"DokjaError"}
    assert sorted(kind for kind in kinds if f"`{kind}`" not in text) == []


def test_every_setting_is_documented() -> None:
    """A setting that only the code knows is found by accident, too."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in GUIDES)
    names = {f"DOKJA_{name.upper()}" for name in Settings.__struct_fields__}
    assert sorted(name for name in names if f"`{name}`" not in text) == []


def test_decisions_are_numbered_without_gaps() -> None:
    """A missing number would read as a decision somebody removed."""
    numbers = [int(page.name[:4]) for page in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_decision_says_what_it_costs() -> None:
    """A choice without its price and its rivals cannot be judged later."""
    parts = ("## Question", "## Choice", "## What we give up", "## Rejected")
    assert [
        f"{shown(page)}: {part}"
        for page in DECISIONS
        for part in parts
        if part not in page.read_text(encoding="utf-8")
    ] == []


def test_every_decision_fits_on_a_page() -> None:
    """A decision longer than a page is several."""
    lengths = {p.name: len(p.read_text(encoding="utf-8").split()) for p in DECISIONS}
    assert {name: n for name, n in lengths.items() if n > 550} == {}


def test_every_guide_is_in_both_languages() -> None:
    """An office reads Korean, an outside auditor English."""
    names = {page.name for page in GUIDES[1:]}
    english = {name for name in names if not name.endswith(".ko.md")}
    assert names - english == {name.replace(".md", ".ko.md") for name in english}


def test_every_guide_and_its_twin_have_the_same_sections() -> None:
    """A section added to one language only would be lost on half the readers."""
    for page in (p for p in GUIDES[1:] if not p.name.endswith(".ko.md")):
        twin = page.with_suffix(".ko.md")
        assert _outline(page) == _outline(twin), shown(page)


def _outline(page: Path) -> list[tuple[str, int]]:
    """Each heading's depth with the number of code blocks and rows under it."""
    text = re.split(r"^(#+) .*$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    bodies = zip(text[1::2], text[2::2], strict=True)
    return [(depth, body.count("```") + body.count("\n|")) for depth, body in bodies]


def test_links_between_pages_lead_somewhere() -> None:
    """A page that moved takes the links to it along."""
    targets = {
        (page, target)
        for page in PAGES
        for target in re.findall(r"\]\(([^)\s#]+)", page.read_text(encoding="utf-8"))
        if "://" not in target
    }
    broken = [(p, target) for p, target in targets if not (p.parent / target).exists()]
    assert sorted((shown(page), target) for page, target in broken) == []


def test_the_changelog_says_whether_numbers_moved() -> None:
    """Whoever cites a figure must see in one place whether it still holds."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    unreleased = text.split("## [Unreleased]")[1].split("\n## ")[0]
    assert "### Numbers" in unreleased
