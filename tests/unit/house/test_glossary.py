"""One word per thing: the glossary and the code name the same things."""

from __future__ import annotations

import ast
import re

from tests.unit.house.repository import DOCS, PACKAGE, classes, modules, packages

GLOSSARY = (DOCS / "glossary.md").read_text(encoding="utf-8")
CODE_NAMES = frozenset(re.findall(r"`([^`\n]+)`", GLOSSARY))
ROWS = [line for line in GLOSSARY.splitlines() if line.startswith("| ")]


def _values() -> list[ast.ClassDef]:
    """Public classes of the kernel, of every stage's values, and the errors."""
    kernel = (PACKAGE / "evidence").glob("*.py")
    rules = (PACKAGE / "programme").glob("*_rules.py")
    files = {*PACKAGE.rglob("values.py"), *kernel, *rules, PACKAGE / "errors.py"}
    return [found for path in sorted(files) for found in classes(path)]


def _words(found: ast.ClassDef) -> set[str]:
    """The words of an enumeration as they are stored; empty for a struct."""
    if not any(isinstance(b, ast.Name) and b.id == "StrEnum" for b in found.bases):
        return set()
    return {
        node.value.value
        for node in found.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def test_every_stage_stands_in_the_glossary() -> None:
    """An office that reads a folder name has to find what it is in Korean."""
    assert sorted(set(packages()) - CODE_NAMES) == []


def test_every_public_value_stands_in_the_glossary() -> None:
    """A class without an entry is a second word for something, or a new thing."""
    assert sorted({c.name for c in _values()} - CODE_NAMES) == []


def test_every_word_a_value_can_hold_stands_in_the_glossary() -> None:
    """Verdict words are published; each needs its Korean and its meaning."""
    assert sorted(set().union(*(_words(c) for c in _values())) - CODE_NAMES) == []


def test_the_glossary_names_no_class_that_is_gone() -> None:
    """An entry that outlives its class sends readers after nothing."""
    existing = {c.name for path in modules(PACKAGE) for c in classes(path)}
    named = {name for name in CODE_NAMES if re.fullmatch(r"[A-Z][A-Za-z]+", name)}
    assert sorted(named - existing) == []


def test_every_entry_is_in_both_languages() -> None:
    """A row without Korean or English translates nothing."""
    entries = [row for row in ROWS if "`" in row]
    cells = [[cell.strip() for cell in row.strip("| ").split(" | ")] for row in entries]
    assert len(cells) > 100
    assert [row for row in cells if not re.search(r"[가-힣]", row[0])] == []
    assert [row for row in cells if not re.search(r"[A-Za-z]", row[1])] == []
