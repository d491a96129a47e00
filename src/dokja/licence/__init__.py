"""Licences: expressions, what goes with what, duties and limits."""

from dokja.licence.compatibility import judge
from dokja.licence.duties import duties_of, limits_of
from dokja.licence.expressions import parse_expression
from dokja.licence.read_tables import LicenceTables, read_tables
from dokja.licence.values import (
    Compatibility,
    Handling,
    Judgement,
    LicenceExpression,
    LicenceTerms,
)

__all__ = [
    "Compatibility",
    "Handling",
    "Judgement",
    "LicenceExpression",
    "LicenceTables",
    "LicenceTerms",
    "duties_of",
    "judge",
    "limits_of",
    "parse_expression",
    "read_tables",
]
