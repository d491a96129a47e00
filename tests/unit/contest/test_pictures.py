"""What a picture is, is read from its bytes."""

from __future__ import annotations

import pytest

from dokja.contest.served.pictures import PictureKind, picture_kind
from dokja.contest.served.values import EndpointRules
from dokja.errors import InvalidInput

RULES = EndpointRules(most_image_bytes=64)


def png(width: int, height: int) -> bytes:
    """The head of a PNG of that size."""
    sides = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + sides + b"\x08\0\0\0\0"


def test_a_png_and_a_jpeg_are_known() -> None:
    """By what they begin with, and the JPEG by its end."""
    assert picture_kind(png(2, 2), RULES) is PictureKind.PNG
    assert picture_kind(b"\xff\xd8\xff\xe0xx\xff\xd9", RULES) is PictureKind.JPEG


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        png(2, 2)[:20],
        png(0, 2),
        png(100_000, 100_000),
        b"\xff\xd8\xff\xe0 cut off",
        png(2, 2) + b"\0" * 64,
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    """Other kinds, halves, what unpacks to gigabytes, what is too large."""
    with pytest.raises(InvalidInput):
        picture_kind(data, RULES)
