"""Licence expressions as people write them, read into canonical ids."""

from __future__ import annotations

import re
from functools import cache
from itertools import product

from boolean.boolean import ParseError
from license_expression import (
    AND,
    OR,
    ExpressionError,
    LicenseSymbol,
    LicenseWithExceptionSymbol,
    Licensing,
    get_spdx_licensing,
)

from dokja.evidence.values import Text
from dokja.licence.read_tables import LicenceTables
from dokja.licence.values import LicenceExpression

LONGEST, DEEPEST, MOST_ALTERNATIVES = 1000, 20, 64
"""A hostile text could otherwise exhaust the reader's stack or memory."""

_SPLIT = re.compile(r"(\(|\)|(?<![\w.+-])(?:and|or|with)(?![\w.+-]))", re.IGNORECASE)
"""Brackets and words of the grammar; the "or" of GPL-2.0-or-later is none."""

"""Brackets and words of the grammar; the "or" of GPL-2.0-or-later is none."""

_OPERATORS = frozenset({"and", "or", "with"})
_NO_STATEMENT = frozenset({"noassertion", "none", "unknown", "other"})
_SPACES = re.compile(r"\s+")

Alternatives = tuple[tuple[str, ...], ...]


def parse_expression(text: str, tables: LicenceTables) -> LicenceExpression:
    """The expression with every alias replaced; `problem` where it has no meaning."""
    problem = _unreadable(text)
    if problem is None:
        try:
            return _understood(text, tables)
        except (ExpressionError, ParseError) as error:
            problem = _not_an_expression(str(error))
    return LicenceExpression(
        declared=text, canonical="", alternatives=(), unknown=(), problem=problem
    )


def _unreadable(text: str) -> Text | None:
    if not text.strip():
        return Text(ko="라이선스가 적혀 있지 않음", en="No licence is named.")
    if len(text) > LONGEST or text.count("(") > DEEPEST:
        return Text(
            ko=f"라이선스 표현이 {LONGEST}자 또는 괄호 {DEEPEST}개를 넘음",
            en=f"The expression is longer than {LONGEST} characters or has more "
            f"than {DEEPEST} brackets.",
        )
    if text.strip().casefold() in _NO_STATEMENT:
        return Text(
            ko=f"라이선스를 밝히지 않는다는 표시임: {text.strip()}",
            en=f"It says that no licence is stated: {text.strip()}.",
        )
    return None


def _not_an_expression(why: str) -> Text:
    return Text(
        ko=f"SPDX 라이선스 표현으로 읽을 수 없음: {why}",
        en=f"It cannot be read as an SPDX expression: {why}",
    )


def _understood(text: str, tables: LicenceTables) -> LicenceExpression:
    tree = _licensing().parse(_with_canonical_names(text, tables))
    if tree is None:
        raise ExpressionError("it holds no licence")
    alternatives = _alternatives(tree)
    unknown = {
        key
        for key in _licensing().unknown_license_keys(tree)
        if key not in tables.terms
    }
    return LicenceExpression(
        declared=text,
        canonical=str(tree),
        alternatives=alternatives,
        unknown=tuple(sorted(unknown)),
    )


@cache
def _licensing() -> Licensing:
    """The SPDX list that travels with license-expression."""
    return get_spdx_licensing()


def _with_canonical_names(text: str, tables: LicenceTables) -> str:
    """The text with each name that our table knows replaced by its id.

    "LLaMA 3.1" and "공공누리 제1유형" hold spaces or letters that the grammar of
    SPDX has no place for.
    """
    names = (_SPACES.sub(" ", piece.strip()) for piece in _SPLIT.split(text))
    pieces = [tables.aliases.get(name.casefold(), name) for name in names if name]
    _check_order(pieces)
    return " ".join(pieces)


def _check_order(pieces: list[str]) -> None:
    """Nothing. Raises: ExpressionError unless names and operators take turns.

    boolean.py 5.0 leaves some misplaced brackets to an index or an assertion.
    """
    depth, is_name_next = 0, True
    for piece in pieces:
        is_operator = piece.casefold() in _OPERATORS
        if (piece == "(" or not (is_operator or piece == ")")) is not is_name_next:
            raise ExpressionError(f"{piece} stands in the wrong place")
        depth += (piece == "(") - (piece == ")")
        if depth < 0:
            raise ExpressionError("a bracket closes nothing")
        is_name_next = is_operator or piece == "("
    if depth or is_name_next:
        raise ExpressionError("it ends too early")


def _alternatives(tree: object) -> Alternatives:
    """The expression as alternatives of licences that hold together."""
    if isinstance(tree, OR):
        found = [one for part in tree.args for one in _alternatives(part)]
    elif isinstance(tree, AND):
        combined = [_alternatives(part) for part in tree.args]
        size = 1
        for part in combined:
            size *= len(part)
        if size > MOST_ALTERNATIVES:
            raise ExpressionError(f"it has more than {MOST_ALTERNATIVES} alternatives")
        found = [sum(choice, ()) for choice in product(*combined)]
    elif isinstance(tree, LicenseWithExceptionSymbol | LicenseSymbol):
        return ((str(tree),),)
    else:
        raise ExpressionError("it holds no licence")
    if len(found) > MOST_ALTERNATIVES:
        raise ExpressionError(f"it has more than {MOST_ALTERNATIVES} alternatives")
    return tuple(dict.fromkeys(tuple(sorted(set(one))) for one in found))
