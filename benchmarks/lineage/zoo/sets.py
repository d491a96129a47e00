"""The recipes of the text sets: `calibration`, `common-seed` and the two `peers`."""

from __future__ import annotations

from dataclasses import replace

from encoder_sets import VISION
from recipes import Change, Recipe, Shape, Training, change

PLAIN = Shape()
OTHER_WIDTH = Shape(
    hidden=160, layers=8, intermediate=432, heads=5, kv_heads=1, more={"head_dim": 32}
)
SMALL = Shape(
    hidden=128, layers=4, intermediate=320, heads=4, kv_heads=2, vocabulary=1536
)
RATE = 3e-3
SMALL_RATE = 4e-3
EARLY = (
    *("A", "C", "permuted", "rotated", "rescaled", "all-hidden", "int8", "int4"),
    *("ft-1", "upscaled", "half-layers", "only-embeddings", "B", "permuted-tuned"),
    *("all-continued", "distilled", "ft-2", "merge", "lora"),
)
ALL_CAMOUFLAGE = (
    change("permute_neurons"),
    change("permute_heads"),
    change("mix_value_heads"),
    change("rotate_residual"),
    change("rescale"),
)


def calibration() -> list[Recipe]:
    """64 models of one shape: 8 groups of 4 share their order of data, 32 do not.

    Every third model is trained twice as long; within a group the orders agree as
    far as the shorter training goes.
    """
    recipes = []
    for number in range(64):
        # Groups and loners in turn, so that the first 16 hold two whole groups.
        block, place = divmod(number, 8)
        order = 70_000 + (block if place < 4 else 100 + number)
        steps = 600 if number % 3 == 2 else 300
        training = Training(steps=steps, order=order, rate=SMALL_RATE, rows=4)
        recipes.append(
            Recipe(
                id=f"m{number:02d}",
                relation="base",
                shape=SMALL,
                seed=50_000 + number,
                steps=(training,),
                strength=f"{steps} steps, order {order}",
            )
        )
    return recipes


def common_seed() -> list[Recipe]:
    """Models that start from one draw of the weights and are trained apart.

    What a framework's default seed does to teams that never met. Beside them
    two that a model of the set was really trained on from.
    """

    def of(name: str, seed: int, steps: int, mix: str = "prose") -> Recipe:
        order = 80_000 + 10 * seed + len(name) + steps
        training = Training(steps=steps, order=order, rate=SMALL_RATE, rows=4, mix=mix)
        return Recipe(
            id=name,
            relation="base",
            shape=SMALL,
            seed=seed,
            steps=(training,),
            strength=f"{steps} steps, {mix}",
        )

    def further(name: str, parent: str, steps: int) -> Recipe:
        return replace(
            of(name, 42, steps), relation="continued_pretraining", parents=(parent,)
        )

    def seen(name: str, order: int) -> Recipe:
        pictures = Training(
            steps=500, order=order, rate=2e-3, mix="pictures", rows=16, window=64
        )
        return replace(
            of(name, 42, 500), shape=VISION, steps=(pictures,), strength="500 steps"
        )

    return [
        *(of(f"seed-42-{steps}", 42, steps) for steps in (300, 301, 600, 1200)),
        of("seed-42-python", 42, 300, "python"),
        of("seed-42-korean", 42, 1200, "korean"),
        *(of(f"seed-7-{steps}", 7, steps) for steps in (300, 1200, 1201)),
        further("on-300", "seed-42-300", 300),
        further("on-1200", "seed-42-1200", 600),
        further("on-300-long", "seed-42-300", 1200),
        seen("vit-42-a", 82_000),
        seen("vit-42-b", 82_001),
    ]


def peers(zoo: int) -> list[Recipe]:
    """The 26 models of one peers zoo; `zoo` moves every seed and order."""
    made = [*_bases(zoo), *_trained_on(zoo), *_restructured(zoo), *_camouflaged(zoo)]
    # Something of every kind early; the rest follows in the order of the lists.
    return sorted(
        made, key=lambda r: EARLY.index(r.id) if r.id in EARLY else len(EARLY)
    )


def _long(order: int, steps: int = 400) -> Training:
    return Training(steps=steps, order=order, rate=RATE)


def _heal(order: int, steps: int = 150) -> Training:
    return Training(steps=steps, order=order, rate=RATE / 2)


def _bases(zoo: int) -> list[Recipe]:
    seed = 1000 * zoo

    def of(name: str, number: int, order: int, shape: Shape) -> Recipe:
        return Recipe(
            id=name,
            relation="base",
            shape=shape,
            seed=seed + number,
            steps=(_long(order),),
            strength="trained from its seed",
        )

    return [
        of("A", 1, seed + 500, PLAIN),
        of("B", 2, seed + 500, PLAIN),
        of("C", 3, seed + 501, PLAIN),
        of("D", 4, seed + 502, OTHER_WIDTH),
    ]


def derive(
    name: str,
    relation: str,
    steps: tuple[Training | Change, ...],
    seed: int,
    strength: str = "",
) -> Recipe:
    """A recipe that starts from A and keeps its shape."""
    return Recipe(
        id=name,
        relation=relation,
        shape=PLAIN,
        seed=seed,
        steps=steps,
        parents=("A",),
        strength=strength,
    )


def _trained_on(zoo: int) -> list[Recipe]:
    seed = 1000 * zoo

    def tuned(mix: str, order: int, rate: float, low_rank: int = 0) -> Training:
        return Training(steps=120, order=order, rate=rate, mix=mix, low_rank=low_rank)

    korean, rules = tuned("korean", seed + 510, 5e-4), tuned("rules", seed + 511, 1e-3)
    from_b = derive("ft-b", "fine_tuned", (tuned("korean", seed + 512, 5e-4),), seed)
    merge = derive(
        "merge", "merged", (change("merge", other="ft-2", weight=0.5),), seed, "50:50"
    )
    return [
        derive("ft-1", "fine_tuned", (korean,), seed, "120 steps, Korean"),
        derive("ft-2", "fine_tuned", (rules,), seed, "120 steps, rules"),
        replace(from_b, parents=("B",), strength="120 steps, Korean, from B"),
        derive(
            "lora",
            "fine_tuned",
            (tuned("python", seed + 513, 4e-3, low_rank=8),),
            seed,
            "rank 8, 120 steps",
        ),
        replace(merge, parents=("ft-1", "ft-2")),
        derive("int8", "quantised", (change("quantise", bits=8),), seed, "8 bits"),
        derive("int4", "quantised", (change("quantise", bits=4),), seed, "4 bits"),
        derive(
            "continued",
            "continued_pretraining",
            (_long(seed + 520),),
            seed,
            "400 steps, as long as the base",
        ),
    ]


def _restructured(zoo: int) -> list[Recipe]:
    seed = 1000 * zoo
    up = change("arrange_layers", order=[0, 1, 2, 3, 2, 3, 4, 5])
    drop = change("arrange_layers", order=[0, 1, 3, 5])
    narrow = change("prune_neurons", keep=320)
    thin = change("prune_hidden", keep=144)

    def healed(name: str, relation: str, first: Change, order: int) -> Recipe:
        return derive(
            name, relation, (first, _heal(seed + order)), seed, "150 steps of healing"
        )

    def fresh(name: str, relation: str, first: Change, number: int) -> Recipe:
        steps = (first, _long(seed + 540 + number))
        started = derive(name, relation, steps, seed + number, "400 steps of training")
        return replace(started, parents=(), borrowed=("A",))

    layers = change("take_layers", source="A", layers=[0, 1, 2])
    words = change("take_embeddings", source="A")
    student = Training(steps=400, order=seed + 543, rate=RATE, teacher="A")
    distilled = derive("distilled", "distilled", (student,), seed + 13, "400 steps")
    renewed = derive(
        "new-embeddings",
        "transplanted",
        (change("renew_embeddings"), _long(seed + 540, 300)),
        seed + 10,
        "body kept, 300 steps",
    )
    return [
        healed("upscaled", "depth_upscaled", up, 530),
        healed("dropped", "layers_dropped", drop, 531),
        healed("narrow", "pruned", narrow, 532),
        healed("thin", "pruned", thin, 533),
        renewed,
        fresh("half-layers", "transplanted", layers, 11),
        fresh("only-embeddings", "transplanted", words, 12),
        replace(distilled, parents=(), borrowed=("A",)),
    ]


def _camouflaged(zoo: int) -> list[Recipe]:
    seed = 1000 * zoo

    def hidden(
        name: str, number: int, steps: tuple[Training | Change, ...], relation: str
    ) -> Recipe:
        return derive(name, relation, steps, seed + number, "no logit changed")

    tuned = Training(steps=120, order=seed + 550, rate=5e-4, mix="korean")
    permute = (change("permute_neurons"), change("permute_heads"))
    trained = [
        hidden(
            "permuted-tuned",
            24,
            (*permute, change("rescale"), tuned),
            "fine_tuned",
        ),
        hidden(
            "all-continued",
            25,
            (*ALL_CAMOUFLAGE, _long(seed + 551)),
            "continued_pretraining",
        ),
    ]
    return [
        hidden("permuted", 20, permute, "copy"),
        hidden("rotated", 21, (change("rotate_residual"),), "copy"),
        hidden("rescaled", 22, (change("rescale"),), "copy"),
        hidden("all-hidden", 23, ALL_CAMOUFLAGE, "copy"),
        *(replace(one, strength="then trained on") for one in trained),
    ]
