"""What is published of scores, with its proof, and what outsiders say."""

from dokja.web.disclosures.acts import RECOGNITION_ACTS
from dokja.web.disclosures.pages import disclosures

__all__ = ["RECOGNITION_ACTS", "disclosures"]
