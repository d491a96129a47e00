"""The recipes of the set `harder`: other architectures, tokenizers, longer training."""

from __future__ import annotations

from dataclasses import replace

from recipes import Change, Recipe, Shape, Training, change
from sets import ALL_CAMOUFLAGE, PLAIN, RATE, SMALL, SMALL_RATE

SEED = 90_000
EXPERTS = {"num_local_experts": 4, "num_experts_per_tok": 2}
LATENT = {
    "n_routed_experts": 4,
    "num_experts_per_tok": 2,
    "n_group": 1,
    "topk_group": 1,
    "n_shared_experts": 1,
    "moe_intermediate_size": 96,
    "first_k_dense_replace": 1,
    "q_lora_rank": 64,
    "kv_lora_rank": 48,
    "qk_nope_head_dim": 24,
    "qk_rope_head_dim": 8,
    "v_head_dim": 24,
}
EVEN = replace(SMALL, kv_heads=4)
DENSE = replace(EVEN, hidden=144, layers=6, heads=6, kv_heads=6)
FAMILIES = {
    "tied": replace(SMALL, tied=True),
    "second": replace(SMALL, tokenizer="second", vocabulary=2560),
    "neox": replace(EVEN, family="gpt_neox", intermediate=512),
    "gpt2": replace(EVEN, family="gpt2", intermediate=512, tied=True),
    "qwen2": replace(SMALL, family="qwen2"),
    "mixtral": replace(SMALL, family="mixtral", intermediate=160, more=EXPERTS),
    "deepseek": replace(EVEN, family="deepseek_v3", more=LATENT),
}
PERMUTE = (change("permute_neurons"), change("permute_heads"))
REORDER = (*PERMUTE, change("permute_residual"))
HIDDEN: dict[str, tuple[Change, ...]] = {
    "tied": REORDER,
    "second": (*ALL_CAMOUFLAGE, change("turn_query_pairs")),
    "neox": REORDER,
    "gpt2": REORDER,
    "qwen2": (*PERMUTE, change("rotate_residual")),
    "mixtral": (change("permute_experts"), change("permute_neurons")),
}


def harder() -> list[Recipe]:
    """Pairs of bases in seven architectures, structural changes, and a long run."""
    recipes = []
    for place, (name, shape) in enumerate(FAMILIES.items()):
        recipes += _family(name, shape, SEED + 100 * place)
    return [*recipes, *_dense(SEED + 1000), *_long_run(SEED + 2000)]


def _taught(order: int, steps: int = 400, rate: float = SMALL_RATE) -> Training:
    return Training(steps=steps, order=order, rate=rate, rows=4)


def _tuned(order: int) -> Training:
    return replace(_taught(order, 120, SMALL_RATE / 5), mix="korean")


def _family(name: str, shape: Shape, seed: int) -> list[Recipe]:
    a = Recipe(
        id=f"{name}-a",
        relation="base",
        shape=shape,
        seed=seed + 1,
        steps=(_taught(seed),),
        strength="400 steps from its seed",
    )
    tuned = replace(
        a,
        id=f"{name}-tuned",
        relation="fine_tuned",
        steps=(_tuned(seed + 10),),
        parents=(a.id,),
        strength="120 steps, Korean",
    )
    made = [a, replace(a, id=f"{name}-b", seed=seed + 2), tuned]
    if name in HIDDEN:
        copy = replace(
            tuned,
            id=f"{name}-hidden",
            relation="copy",
            seed=seed + 3,
            steps=HIDDEN[name],
            strength="no logit changed",
        )
        after = replace(
            copy,
            id=f"{name}-hidden-tuned",
            relation="fine_tuned",
            steps=(*HIDDEN[name], _tuned(seed + 11)),
            strength="hidden, then 120 steps, Korean",
        )
        made += [copy, after]
    return made


def _dense(seed: int) -> list[Recipe]:
    """A base with as many key-value heads as heads, and what becomes of it."""
    base = Recipe(
        id="dense-a",
        relation="base",
        shape=DENSE,
        seed=seed + 1,
        steps=(_taught(seed),),
        strength="400 steps from its seed",
    )

    def of(name: str, relation: str, number: int, *steps: Training | Change) -> Recipe:
        return replace(
            base,
            id=f"dense-{name}",
            relation=relation,
            seed=seed + number,
            steps=steps,
            parents=("dense-a",),
            strength="",
        )

    heal = [_taught(seed + 20 + n, 200, SMALL_RATE / 2) for n in range(9)]
    renewed = change("retokenise", tokenizer="second", vocabulary=2560)
    other = replace(DENSE, tokenizer="second", vocabulary=2560)
    frozen = replace(_taught(seed + 30), frozen=("model.embed_tokens.", "lm_head."))
    words = of(
        "frozen-embeddings",
        "transplanted",
        9,
        change("take_embeddings", source="dense-a"),
        frozen,
    )
    swap = change("arrange_layers", order=[0, 2, 1, 3, 4, 5])
    return [
        base,
        replace(base, id="dense-b", seed=seed + 2),
        of("grouped", "unknown", 3, change("group_keys", groups=2), heal[0]),
        of("swapped", "unknown", 4, swap, heal[1]),
        of("upcycled", "unknown", 5, change("upcycle", experts=4, noise=0.1), heal[2]),
        of("sparse", "pruned", 6, change("sparsify", share=0.5), heal[3]),
        replace(of("retokenised", "transplanted", 7, renewed, heal[4]), shape=other),
        of(
            "escaped",
            "transplanted",
            8,
            change("rotate_residual"),
            change("renew_embeddings"),
            heal[5],
        ),
        replace(words, parents=(), borrowed=("dense-a",)),
    ]


def _long_run(seed: int) -> list[Recipe]:
    """Eight times as many steps as the peers, over two epochs of the corpus."""
    long = Training(steps=3200, order=seed, rate=RATE)
    base = Recipe(
        id="long-a",
        relation="base",
        shape=PLAIN,
        seed=seed + 1,
        steps=(long,),
        strength="3,200 steps from its seed",
    )
    tuned = replace(
        base,
        id="long-tuned",
        relation="fine_tuned",
        steps=(Training(steps=120, order=seed + 10, rate=5e-4, mix="korean"),),
        parents=("long-a",),
        strength="120 steps, Korean",
    )
    hidden = replace(
        tuned, id="long-hidden", relation="copy", seed=seed + 3, steps=ALL_CAMOUFLAGE
    )
    half = replace(
        base,
        id="long-half-layers",
        relation="transplanted",
        seed=seed + 4,
        steps=(
            change("take_layers", source="long-a", layers=[0, 1, 2]),
            replace(long, steps=1600, order=seed + 11),
        ),
        borrowed=("long-a",),
        strength="1,600 steps of training",
    )
    return [
        base,
        tuned,
        replace(hidden, strength="no logit changed"),
        replace(base, id="long-b", seed=seed + 2),
        half,
    ]
