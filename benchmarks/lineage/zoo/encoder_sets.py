"""The recipes of the set `encoders`: vision, text and audio encoders."""

from __future__ import annotations

from collections.abc import Callable

from recipes import Change, Recipe, Shape, Training, change

VISION = Shape(
    family="vit",
    hidden=128,
    layers=4,
    intermediate=320,
    heads=4,
    kv_heads=4,
    vocabulary=0,
    more={"image_size": 64, "patch_size": 8},
)
TEXT = Shape(
    family="bert",
    hidden=128,
    layers=4,
    intermediate=320,
    heads=4,
    kv_heads=4,
    vocabulary=1536,
    more={"max_position_embeddings": 16},
)
AUDIO = Shape(
    family="whisper",
    hidden=96,
    layers=3,
    intermediate=256,
    heads=4,
    kv_heads=4,
    vocabulary=17,
    more={"num_mel_bins": 40, "max_source_positions": 64},
)
Taught = Callable[[int, int, float], Training]
PERMUTE = (
    change("permute_neurons"),
    change("permute_heads"),
    change("permute_residual"),
)


def encoders() -> list[Recipe]:
    """Three vision bases, two of text and two of audio, with what derives from them."""
    return [
        *_family("vit", VISION, _vision, ("a", "b", "c")),
        *_family("bert", TEXT, _masked, ("a", "b")),
        *_family("audio", AUDIO, _heard, ("a", "b")),
    ]


def calibration_vision() -> list[Recipe]:
    """16 vision encoders of one shape: half of them share their order of data."""
    return [
        Recipe(
            id=f"v{number:02d}",
            relation="base",
            shape=VISION,
            seed=60_000 + number,
            steps=(_vision(71_000 + (number if number % 2 else 0), 250, 2e-3),),
            strength="250 steps from its seed",
        )
        for number in range(16)
    ]


def _vision(order: int, steps: int, rate: float) -> Training:
    return Training(
        steps=steps, order=order, rate=rate, mix="pictures", rows=16, window=64
    )


def _masked(order: int, steps: int, rate: float) -> Training:
    # A masked model stays for long with what single tokens pay. Short rows bring it
    # to its neighbours sooner, and norms after the sum bear half the rate.
    return Training(
        steps=3 * steps, order=order, rate=rate / 2, rows=64, window=16, mix="prose"
    )


def _heard(order: int, steps: int, rate: float) -> Training:
    return Training(
        steps=steps, order=order, rate=rate, mix="sounds", rows=16, window=128
    )


def _family(
    name: str, shape: Shape, taught: Taught, bases: tuple[str, ...]
) -> list[Recipe]:
    number = 10 * ("vit", "bert", "audio").index(name)

    def of(
        tail: str, relation: str, seed: int, steps: tuple[Training | Change, ...]
    ) -> Recipe:
        return Recipe(
            id=f"{name}-{tail}",
            relation=relation,
            shape=shape,
            seed=80_000 + 10 * number + seed,
            steps=steps,
            parents=() if relation == "base" else (f"{name}-a",),
            strength=strength[relation],
        )

    order = 81_000 + 10 * number
    tuned = taught(order + 10, 100, 5e-4)
    strength = {
        "base": f"{taught(order, 500, 2e-3).steps:,} steps from its seed",
        "fine_tuned": f"{tuned.steps} steps at a quarter of the rate",
        "continued_pretraining": "as long as the base",
        "copy": "no answer changed",
    }
    return [
        # The first two share their order of data, as A and B of the peers do.
        *(
            of(base, "base", place, (taught(order + place // 2, 500, 2e-3),))
            for place, base in enumerate(bases)
        ),
        of("tuned", "fine_tuned", 5, (tuned,)),
        of("continued", "continued_pretraining", 6, (taught(order + 11, 500, 2e-3),)),
        of("permuted", "copy", 7, PERMUTE),
        of("permuted-tuned", "fine_tuned", 8, (*PERMUTE, tuned)),
    ]
