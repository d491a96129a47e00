"""Allegations: taken in and handled by the office; resolved ones are public."""

from dokja.web.allegations.acts import ALLEGATION_ACTS
from dokja.web.allegations.pages import allegations

__all__ = ["ALLEGATION_ACTS", "allegations"]
