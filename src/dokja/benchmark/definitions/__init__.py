"""Well-known sets as data: what each is, and how its own columns become items."""

from dokja.benchmark.definitions.convert import convert_rows
from dokja.benchmark.definitions.read import parse_definition

__all__ = ["convert_rows", "parse_definition"]
