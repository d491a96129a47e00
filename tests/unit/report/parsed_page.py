"""A page taken apart, so that tests look at elements and not at text."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

VOID = frozenset({"meta", "input", "br", "link", "img"})


class Element:
    """One element with its attributes, children and direct text."""

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Element] = []
        self.texts: list[str] = []

    def walk(self) -> Iterator[Element]:
        """This element and everything in it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def find_all(self, name: str) -> list[Element]:
        """Every element of this name in it."""
        return [element for element in self.walk() if element.name == name]

    def by_id(self, key: str) -> Element:
        """The element with this id."""
        return next(e for e in self.walk() if e.attributes.get("id") == key)

    @property
    def text(self) -> str:
        """All text in it, blanks folded."""
        pieces = " ".join(text for e in self.walk() for text in e.texts)
        return " ".join(pieces.split())


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("document", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {key: value or "" for key, value in attrs})
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        closed = self._open.pop()
        assert closed.name == tag, f"<{closed.name}> is closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        self._open[-1].texts.append(data)


def parse(html: str) -> Element:
    """The page's tree; an element that is not closed properly is an error."""
    builder = _Builder()
    builder.feed(html)
    assert builder._open == [builder.root]
    return builder.root
