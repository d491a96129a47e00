"""Pictures that may be shown to a model: PNG and JPEG by what they begin with."""

from __future__ import annotations

from enum import StrEnum

from dokja.contest.served.values import EndpointRules
from dokja.errors import InvalidInput

_MOST_POINTS = 50_000_000
"""Of a picture's area: a small file can unpack to more than a server holds."""
_PNG_HEAD = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"
_JPEG_HEAD, _JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"


class PictureKind(StrEnum):
    """A kind of picture, as a data URL names it."""

    PNG = "image/png"
    JPEG = "image/jpeg"


def picture_kind(image: bytes, rules: EndpointRules) -> PictureKind:
    """What the picture is. Raises: InvalidInput for any other, or too large a one.

    A door asks this when a picture is handed in: a bad one is no team's fault.
    """
    if len(image) > rules.most_image_bytes:
        raise InvalidInput(
            f"the picture has {len(image)} bytes, more than {rules.most_image_bytes}",
            remedy="give a smaller one",
        )
    if image.startswith(_PNG_HEAD) and len(image) >= 24:
        sides = image[16:20], image[20:24]
        width, height = (int.from_bytes(side, "big") for side in sides)
        if 0 < width * height <= _MOST_POINTS:
            return PictureKind.PNG
    if image.startswith(_JPEG_HEAD) and image.rstrip(b"\0").endswith(_JPEG_END):
        return PictureKind.JPEG
    raise InvalidInput(
        "the picture is neither a PNG of a usual size nor a JPEG",
        remedy="save it as PNG or JPEG and hand it in again",
    )
