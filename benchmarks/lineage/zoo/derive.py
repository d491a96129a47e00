"""Changes that make one model out of others: cut, copy, merge, quantise, upcycle."""

from __future__ import annotations

import dataclasses
import re

import torch
from bench import Bench, State
from symmetry import N, R, picked, roles

LAYER = re.compile(r"(model\.layers\.)(\d+)(\..*)")
WORDS = ("model.embed_tokens.weight", "lm_head.weight")


def _identical(ours: torch.Tensor, theirs: torch.Tensor) -> bool:
    """Whether two tensors are the same bytes once handed out in BF16."""
    return torch.equal(
        ours.to(torch.bfloat16).view(torch.int16),
        theirs.to(torch.bfloat16).view(torch.int16),
    )


def arrange_layers(bench: Bench, order: list[int]) -> None:
    """Nothing; layer i becomes a copy of what was layer order[i]."""
    before = bench.state()
    state = {name: t for name, t in before.items() if not LAYER.fullmatch(name)}
    for name, tensor in before.items():
        if found := LAYER.fullmatch(name):
            for place in (i for i, old in enumerate(order) if old == int(found[2])):
                state[f"{found[1]}{place}{found[3]}"] = tensor.clone()
    bench.rebuild(state, layers=len(order))
    bench.origins = bench.origins.rearranged(order)
    after = bench.state()
    for place, old in enumerate(order):
        name = "model.layers.{}.mlp.down_proj.weight"
        assert _identical(after[name.format(place)], before[name.format(old)])


def merge(bench: Bench, other: str, weight: float) -> None:
    """Nothing; the weighted mean with another model of the same shape."""
    theirs, origins, _ = bench.store.load(other)
    second = theirs.state_dict()
    assert origins.layers == bench.origins.layers, "parents of different descent"
    bench.put(
        {k: (1 - weight) * v + weight * second[k] for k, v in bench.state().items()}
    )
    shares = ((bench.recipe.parents[0], 1 - weight), (other, weight))
    bench.origins = dataclasses.replace(bench.origins, merge_weights=shares)


def quantise(bench: Bench, bits: int) -> None:
    """Nothing; rounds every row of every matrix to a symmetric lattice and back."""
    top = 2 ** (bits - 1) - 1
    state = bench.state()
    for name, tensor in state.items():
        if tensor.ndim >= 2:
            step = tensor.abs().amax(dim=-1, keepdim=True).clamp_min(1e-12) / top
            state[name] = torch.round(tensor / step).clamp(-top, top) * step
    bench.put(state)


def prune_neurons(bench: Bench, keep: int) -> None:
    """Nothing; keeps the hidden units whose three weight vectors are longest."""
    state, kept = bench.state(), {}
    for layer in range(bench.shape.layers):
        at = f"model.layers.{layer}.mlp."
        weight = (
            state[at + "gate_proj.weight"].norm(dim=1)
            * state[at + "up_proj.weight"].norm(dim=1)
            * state[at + "down_proj.weight"].norm(dim=0)
        )
        kept[f"{N}.{layer}"] = weight.topk(keep).indices.sort().values
    bench.rebuild(picked(state, bench.shape.family, kept), intermediate=keep)
    bench.origins = bench.origins.noted(f"{keep} of its hidden units kept")


def prune_hidden(bench: Bench, keep: int) -> None:
    """Nothing; keeps the residual channels that carry most weight in all tensors."""
    state = bench.state()
    weight = torch.zeros(bench.shape.hidden)
    for name, tensor in state.items():
        axes = roles(bench.shape.family, name)
        if R in axes and tensor.ndim == 2:
            energy = tensor.square().sum(dim=1 - axes.index(R))
            weight += energy / energy.sum()
    kept = weight.topk(keep).indices.sort().values
    more = {**bench.shape.more, "head_dim": bench.head_size}
    bench.rebuild(picked(state, bench.shape.family, {R: kept}), hidden=keep, more=more)
    bench.origins = bench.origins.noted(f"{keep} of its residual channels kept")


def renew_embeddings(bench: Bench) -> None:
    """Nothing; draws the embeddings and the head anew."""
    state, draws = bench.state(), bench.draws("renew_embeddings")
    for name in WORDS:
        state[name].normal_(0.0, 0.02, generator=draws)
    if bench.shape.tied:
        state[WORDS[1]] = state[WORDS[0]]
    bench.put(state)
    bench.origins = dataclasses.replace(bench.origins, embeddings=None, head=None)


def _take(bench: Bench, source: str, wanted: list[str]) -> State:
    theirs = bench.store.load(source)[0].state_dict()
    state = bench.state()
    state.update({name: theirs[name].clone() for name in wanted})
    bench.put(state)
    after = bench.state()
    assert all(_identical(after[name], theirs[name]) for name in wanted)
    return state


def take_layers(bench: Bench, source: str, layers: list[int]) -> None:
    """Nothing; the named layers become copies of the same layers of another model."""
    names = [
        name
        for name in bench.state()
        if (found := LAYER.fullmatch(name)) and int(found[2]) in layers
    ]
    _take(bench, source, names)
    theirs = bench.store.load(source)[1].layers
    mine = tuple(
        theirs[i] if i in layers else own for i, own in enumerate(bench.origins.layers)
    )
    bench.origins = dataclasses.replace(bench.origins, layers=mine)


def take_embeddings(bench: Bench, source: str) -> None:
    """Nothing; embeddings and head become copies of another model's."""
    _take(bench, source, list(WORDS))
    theirs = bench.store.load(source)[1]
    bench.origins = dataclasses.replace(
        bench.origins, embeddings=theirs.embeddings, head=theirs.head
    )


def group_keys(bench: Bench, groups: int) -> None:
    """Nothing; key and value heads become the means of their groups."""
    state, size = bench.state(), bench.head_size
    each = bench.shape.kv_heads // groups
    for name, tensor in state.items():
        if re.search(r"[kv]_proj\.weight$", name):
            heads = tensor.view(groups, each, size, -1)
            state[name] = heads.mean(dim=1).reshape(groups * size, -1)
    bench.rebuild(state, kv_heads=groups)
    bench.origins = bench.origins.noted(f"key-value heads averaged to {groups}")


def upcycle(bench: Bench, experts: int, noise: float) -> None:
    """Nothing; every expert starts as the dense MLP plus noise, behind a new router.

    The noise is `noise` times the standard deviation of the matrix.
    """
    draws, state = bench.draws("upcycle"), bench.state()
    for layer in range(bench.shape.layers):
        at = f"model.layers.{layer}.mlp."
        dense = {
            part: state.pop(f"{at}{part}_proj.weight")
            for part in ("gate", "up", "down")
        }
        wide = torch.cat([dense["gate"], dense["up"]])
        for name, matrix in (("gate_up_proj", wide), ("down_proj", dense["down"])):
            spread = torch.randn(experts, *matrix.shape, generator=draws)
            state[f"{at}experts.{name}"] = matrix + noise * matrix.std() * spread
        router = torch.randn(experts, bench.shape.hidden, generator=draws)
        state[f"{at}gate.weight"] = 0.02 * router
    more = {**bench.shape.more, "num_local_experts": experts, "num_experts_per_tok": 2}
    bench.rebuild(state, family="mixtral", more=more)
    bench.origins = bench.origins.noted(f"{experts} experts from every dense MLP")


def retokenise(bench: Bench, tokenizer: str, vocabulary: int) -> None:
    """Nothing; the model takes another tokenizer and keeps what its tokens meant.

    A token that both know keeps its row; another one gets the mean of the rows of
    the longest old tokens that spell it.
    """
    old, state = bench.store.vocabulary(bench.shape), bench.state()
    shape = dataclasses.replace(bench.shape, tokenizer=tokenizer, vocabulary=vocabulary)
    new = sorted(bench.store.vocabulary(shape).items(), key=lambda item: item[1])
    spelt = [_spelling(token, old) for token, _ in new]
    for name in WORDS:
        rows = state[name]
        state[name] = torch.stack([rows[numbers].mean(dim=0) for numbers in spelt])
    bench.rebuild(state, tokenizer=tokenizer, vocabulary=vocabulary)
    kept = sum(token in old for token, _ in new)
    bench.origins = bench.origins.noted(f"{kept} of {len(new)} tokens keep their rows")


def _spelling(token: str, known: dict[str, int]) -> list[int]:
    numbers = []
    while token:
        length = next(n for n in range(len(token), 0, -1) if token[:n] in known)
        numbers.append(known[token[:length]])
        token = token[length:]
    return numbers


def sparsify(bench: Bench, share: float) -> None:
    """Nothing; sets the smallest weights of every layer's matrices to zero."""
    state = bench.state()
    for name, tensor in state.items():
        if tensor.ndim == 2 and LAYER.fullmatch(name):
            cut = tensor.abs().flatten().kthvalue(int(share * tensor.numel())).values
            state[name] = torch.where(tensor.abs() > cut, tensor, 0.0)
    bench.put(state)
    bench.origins = bench.origins.noted(f"{share:.0%} of its weights set to zero")
