"""Token tables seen through products of their own rows.

A rotation of the residual stream, a new order of its channels, a scale and
another width change every number of an embedding table, and not the product
of one token's row with another's. What any two models of one text share sits in
the leading directions, frequency and meaning, and is taken out first; what is
left was drawn at initialisation and moved by one training run.

Even so no p-value holds: tokens are not exchangeable, and the longer two
models train on like text, the more of the rest they share
(docs/negative-results.md). The test sends a component to experts and never
carries a finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dokja.evidence.values import Text
from dokja.lineage import wording
from dokja.lineage.boundary import FINAL_NORM, TokenTables, gain, shared_tokens
from dokja.lineage.draws import Draws
from dokja.lineage.flat_tables import Tables, read_tokens
from dokja.lineage.flat_tests import halves_of, measure_flat
from dokja.lineage.layer_sample import cannot_tell
from dokja.lineage.layout import Indices, Matrix, take
from dokja.lineage.measuring import ROW_PRODUCTS, Controlled, Measured, NotMeasured
from dokja.lineage.roles import TOKEN_ROLES, Role
from dokja.lineage.values import LineageRules, TensorClass
from dokja.lineage.views import unit_rows

LEADING = 0.5
"""Share of a table's directions that is taken out, the largest ones.

On output tables of two models trained apart for 8,000 steps on one text,
products agree by .93 with nothing taken out, .10 with a quarter, .05 with half.
"""
LEAST_TOKENS = 128
"""Shared tokens below which the products of two halves are too few."""
NO_DIRECTION = 1e-10
"""Squared size, over the largest, at which a direction is rounding."""

SURVIVES = Text(
    ko="잔차 기저의 회전·재배열·크기 조정·다른 폭, 추가 학습, 양자화, 본체의 교체에는 "
    "견디나 임베딩 교체와 채널마다 다른 크기 조정에는 견디지 못함. 같은 글로 오래 "
    "학습한 모델끼리도 커지므로 단독으로는 파생의 근거가 되지 못함",
    en="a residual stream rotated, reordered, rescaled or of another width, further "
    "training, quantisation, a new body; not replaced embeddings, nor a scale of its "
    "own for each channel. Rises on models trained long on like text as well, and so "
    "carries no finding",
)
_TABLES = {
    Role.TOKENS_IN: Text(ko="입력 표", en="input table"),
    Role.TOKENS_OUT: Text(ko="출력 표", en="output table"),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class TokenTests:
    """Every test of the token tables, with what it was made of."""

    tests: tuple[Controlled, ...]
    gaps: tuple[NotMeasured, ...]
    tables: tuple[Tables, Tables]
    """In the stored basis; empty where the two have none in common."""
    untested: Mapping[str, str]


def measure_tokens(
    tables: tuple[TokenTables | None, TokenTables | None],
    rules: LineageRules,
    draws: Draws,
) -> TokenTests | Text:
    """The tests in the stored basis and those through products; or why none."""
    read = read_tokens(tables, rules, draws)
    products, gaps = _through_products(tables, rules, draws)
    if not isinstance(read, Text):
        stored, found, untested = read
        exact = measure_flat(stored, found, rules, draws)
        return TokenTests(
            tests=(*exact, *products.values()),
            gaps=gaps,
            tables=found,
            untested=untested,
        )
    if not products or tables[0] is None:
        return read
    unseen = {
        table.name: read.en
        for role, table in tables[0].tables().items()
        if role not in products
    }
    return TokenTests(
        tests=tuple(products.values()), gaps=gaps, tables=({}, {}), untested=unseen
    )


def products_of(rest: Matrix, halves: tuple[Indices, Indices]) -> Matrix:
    """(first half, second half) products of tokens by what `rest_of` left of them.

    No token meets itself, so a row's length adds nothing.
    """
    products: Matrix = rest[halves[0]] @ rest[halves[1]].T
    return products


def rest_of(rows: Matrix) -> Matrix:
    """(tokens, directions) rows of length one in their smaller directions.

    Up to a rotation, which products of rows do not see.
    """
    levelled = _levelled(rows)
    wide = levelled.shape[1] > levelled.shape[0]
    squares, axes = np.linalg.eigh(
        levelled @ levelled.T if wide else levelled.T @ levelled
    )
    real = int(np.count_nonzero(squares > NO_DIRECTION * squares[-1]))
    kept = slice(len(squares) - real, len(squares) - int(LEADING * real))
    if wide:
        return np.asarray(axes[:, kept] * np.sqrt(squares[kept]))
    return np.asarray(levelled @ axes[:, kept])


def likeness(mine: Matrix, theirs: Matrix) -> float:
    """The correlation of two sides' products, 0 where there are none."""
    scale = float(np.linalg.norm(mine)) * float(np.linalg.norm(theirs))
    return float(np.vdot(mine, theirs)) / scale if scale else 0.0


def _through_products(
    tables: tuple[TokenTables | None, TokenTables | None],
    rules: LineageRules,
    draws: Draws,
) -> tuple[dict[Role, Controlled], tuple[NotMeasured, ...]]:
    mine, theirs = tables
    if not rules.gram_tokens or mine is None or theirs is None:
        return {}, ()
    rows = shared_tokens(
        (mine.checkpoint.vocabulary, theirs.checkpoint.vocabulary),
        (mine.rows, theirs.rows),
    )
    if isinstance(rows, Text):
        return {}, ()
    roles = [r for r in TOKEN_ROLES if r in mine.tables() and r in theirs.tables()]
    needed = max(LEAST_TOKENS, rules.shared_tokens_minimum)
    if len(rows[0]) < needed:
        few = wording.few_shared_tokens(len(rows[0]), needed=needed)
        return {}, tuple(_not_made(role, rules, few) for role in roles)
    taken = draws.spread("token products", len(rows[0]), rules.gram_tokens)
    found = {}
    for role in roles:
        sides = [
            _read(one, role, side[taken])
            for one, side in zip((mine, theirs), rows, strict=True)
        ]
        if not any(cannot_tell(role, side) for side in sides):
            found[role] = _measure(role, (sides[0], sides[1]), rules, draws)
    return found, ()


def _read(side: TokenTables, role: Role, rows: Indices) -> Matrix:
    """The rows as the model uses them: the final norm's gain folded into the head."""
    table = side.tables()[role]
    read = take(side.checkpoint, table, rows, None)
    if role is Role.TOKENS_IN:
        return read
    names = [n for n in sorted(side.checkpoint.shapes()) if FINAL_NORM.fullmatch(n)]
    return read * gain(side.checkpoint, names, table.shape[1])


def _measure(
    role: Role, sides: tuple[Matrix, Matrix], rules: LineageRules, draws: Draws
) -> Controlled:
    halves = halves_of(len(sides[0]), draws)
    rests = [rest_of(side) for side in sides]
    mine, theirs = (products_of(rest, halves) for rest in rests)
    effect = likeness(mine, theirs)
    strangers = []
    for draw in range(rules.control_draws):
        first, second = (
            draws.exchange(f"stranger of products {role} {draw} {number}", len(half))
            for number, half in enumerate(halves)
        )
        strangers.append(likeness(mine[np.ix_(first, second)], theirs))
    noise = rules.control_noise * float(np.linalg.norm(rests[1]))
    descendant = rest_of(_turned_copy(sides[1], f"{role}", noise, draws))
    return Controlled(
        measured=Measured(
            id=ROW_PRODUCTS,
            tensor_class=TensorClass.BOUNDARY,
            statistic=effect,
            effect=effect,
            p_value=None,
            null=_null(role, rules),
            survives=SURVIVES,
        ),
        strangers=tuple(strangers),
        descendant=likeness(products_of(descendant, halves), theirs),
        descendant_p=None,
    )


def _levelled(rows: Matrix) -> Matrix:
    """Rows of length one with mean zero: how often a token occurs sets its length."""
    scaled = unit_rows(rows.astype(np.float64))
    levelled: Matrix = scaled - scaled.mean(axis=0, keepdims=True)
    return levelled


def _turned_copy(rows: Matrix, what: str, size: float, draws: Draws) -> Matrix:
    """A known descendant: noise of a total size, then another basis.

    Noise in deviations of the whole table would drown the rest where a table
    is mostly frequency. A new order of channels and a reflection are as far
    from the stored basis as any rotation, and cost a pass over the table.
    """
    levelled = _levelled(rows)
    noise = draws.noise(f"{what} products", (levelled.shape[0], levelled.shape[1]))
    noisy = levelled + size / np.sqrt(levelled.size) * noise
    noisy = noisy[:, draws.order(f"{what} products", levelled.shape[1])]
    mirror = draws.noise(f"{what} mirror", (1, levelled.shape[1])).ravel()
    mirror /= float(np.linalg.norm(mirror))
    turned: Matrix = noisy - 2.0 * np.outer(noisy @ mirror, mirror)
    return turned


def _not_made(role: Role, rules: LineageRules, fact: Text) -> NotMeasured:
    return NotMeasured(
        id=ROW_PRODUCTS,
        tensor_class=TensorClass.BOUNDARY,
        null=_null(role, rules),
        survives=SURVIVES,
        reason=wording.sentence(fact),
    )


def _null(role: Role, rules: LineageRules) -> Text:
    table = _TABLES[role]
    return Text(
        ko=f"빈도가 비슷한 토큰끼리 맞바꾼 사본 {rules.control_draws}개({table.ko}). "
        "빈도에서 오는 공통 구조는 남고 뜻은 사라짐",
        en=f"{rules.control_draws} copies whose tokens were exchanged among those of "
        f"like frequency ({table.en}): what frequency alone makes alike stays, what a "
        "token means is lost",
    )
