"""HuRef's invariant terms (ICS) of the last two layers on rare shared tokens.

Zeng et al., "HuRef", NeurIPS 2024, arXiv 2312.04828: with the embeddings X of
rare tokens, X W_q' W_k X', X W_v' W_o' X' and X W_u' W_d' X' do not change when
channels or hidden units are put in another order; the score is the cosine of
the terms with standardised rows, averaged. The paper takes 4,096 tokens of
about 32,000; here it is the `TOKENS` rarest in the texts, ties by their string.
No line is drawn in the paper for a single pair, so nothing is named.
"""

from __future__ import annotations

import collections
from pathlib import Path

import numpy as np
from decoder import Decoder, read
from pairs import Answer, NotComparable
from statistic import Array
from texts import passages
from tokenizers import Tokenizer

TOKENS = 512
TEXTS = 200
LAST = 2


def judge(candidate: Path, reference: Path) -> Answer:
    """The mean cosine of the six terms."""
    one, other = read(candidate), read(reference)
    tokens = _rare(reference, one, other)
    terms = [
        _terms(model, [model.vocabulary[t] for t in tokens]) for model in (one, other)
    ]
    cosines = [_alike(a, b) for a, b in zip(*terms, strict=True)]
    return Answer(score=float(np.mean(cosines)), named=None, verdict="ranking only")


def _rare(folder: Path, one: Decoder, other: Decoder) -> list[str]:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    counts = collections.Counter(
        token for text in passages(TEXTS) for token in tokenizer.encode(text).tokens
    )
    both = one.vocabulary.keys() & other.vocabulary.keys()
    kept = [
        token
        for token in both
        if one.vocabulary[token] < len(one.embeddings)
        and other.vocabulary[token] < len(other.embeddings)
    ]
    if len(kept) < 2:
        raise NotComparable("the vocabularies share no tokens")
    return sorted(kept, key=lambda token: (counts[token], token))[:TOKENS]


def _terms(model: Decoder, rows: list[int]) -> list[Array]:
    x = model.embeddings[rows]
    terms = []
    for layer in model.layers[-LAST:]:
        query, key = _heads(model, layer["q_proj"]), _heads(model, layer["k_proj"])
        value = _heads(model, layer["v_proj"])
        out = layer["o_proj"].T.reshape(model.heads, model.head_width, -1)
        terms.append(_product(x, query, key))
        terms.append(_product(x, value, out))
        terms.append((x @ layer["up_proj"].T) @ (x @ layer["down_proj"]).T)
    return terms


def _heads(model: Decoder, weights: Array) -> Array:
    """Heads × head width × channels; a key or value head serves several queries."""
    heads = weights.reshape(-1, model.head_width, weights.shape[1])
    return np.repeat(heads, model.heads // len(heads), axis=0)


def _product(x: Array, one: Array, other: Array) -> Array:
    pairs = zip(one, other, strict=True)
    return np.asarray(sum((x @ a.T) @ (x @ b.T).T for a, b in pairs))


def _alike(one: Array, other: Array) -> float:
    a, b = (_standard(term).ravel() for term in (one, other))
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def _standard(term: Array) -> Array:
    spread = term.std(axis=1, keepdims=True)
    return np.asarray((term - term.mean(axis=1, keepdims=True)) / (spread + 1e-20))
