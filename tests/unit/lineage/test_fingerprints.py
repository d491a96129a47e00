"""Fingerprints: what finds a descendant, what a stranger shows, what is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
import numpy as np
import pytest

from dokja.adapters.compute import LocalThreads
from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.values import Text
from dokja.lineage import LineageReport, LineageSubject
from dokja.lineage.fingerprints import (
    Fingerprint,
    LibraryEntry,
    make_fingerprint,
    nearest,
    read_fingerprint,
    scan,
    screen,
)
from tests.unit.lineage.camouflage import fewer_channels, rescaled, rotated
from tests.unit.lineage.lineage_models import (
    ArrayCheckpoint,
    Tensors,
    compared,
    decoder,
    encoder,
    hidden_reordered,
    reordered,
    subject,
    trained_on,
    vocabulary,
    with_layers,
)

LIMIT = 250_000
WIDTH = 96
PARENT = decoder(1, layers=4, width=WIDTH, hidden=128)


def _model(name: str, tensors: Tensors, **config: object) -> LineageSubject:
    """A decoder whose token table stands in the same checkpoint."""
    whole = ArrayCheckpoint(tensors, vocabulary(), config=config)
    return subject(name, text_decoder=whole, embeddings=whole)


def _print(model: LineageSubject, workers: int = 1) -> Fingerprint:
    return make_fingerprint(
        model, compute=LocalThreads(workers), on_step=lambda *_: None
    )


@pytest.fixture(scope="module")
def library() -> list[Fingerprint]:
    """Nine strangers of the parent's shape and tokenizer, then the parent."""
    strangers = [decoder(seed, layers=4, width=WIDTH, hidden=128) for seed in range(9)]
    del strangers[1]
    strangers.append(decoder(20, layers=6, width=64, hidden=160))
    models = [_model(f"stranger-{i}", t) for i, t in enumerate(strangers)]
    return [_print(model) for model in (*models, _model("parent", PARENT))]


def test_steps_count_every_parameter_once() -> None:
    """Whoever waits for a large model sees how much of it is left."""
    steps: list[tuple[int, int]] = []
    model = _model("parent", PARENT)
    make_fingerprint(
        model,
        compute=LocalThreads(2),
        on_step=lambda _, done, total: steps.append((done, total)),
    )
    whole = sum(table.size for table in PARENT.values())
    assert steps == sorted(steps)
    assert len(steps) == len(PARENT)
    assert steps[-1] == (whole, whole)


def _channels_moved(tensors: Tensors) -> Tensors:
    return reordered(tensors, np.random.default_rng(3).permutation(WIDTH), WIDTH)


DESCENDANTS: Mapping[str, Callable[[Tensors], Tensors]] = {
    "copied": dict,
    "fine-tuned": lambda t: trained_on(t, 105),
    "trained on as much again": lambda t: trained_on(t, 105, 1.0),
    "made deeper": lambda t: with_layers(t, (0, 1, 2, 1, 2, 3)),
    "layers dropped": lambda t: with_layers(trained_on(t, 105), (0, 2, 3)),
    "one layer kept": lambda t: {
        **decoder(30, layers=4, width=WIDTH, hidden=128),
        **{n: v for n, v in t.items() if ".layers.2." in n},
    },
    "hidden units reordered": lambda t: hidden_reordered(trained_on(t, 105), 6),
    "channels reordered": lambda t: _channels_moved(trained_on(t, 105)),
    "rotated": lambda t: rotated(trained_on(t, 105), 7),
    "narrowed": lambda t: fewer_channels(trained_on(t, 105), 72, 3),
    "rotated, reordered, rescaled": lambda t: rescaled(
        rotated(hidden_reordered(trained_on(t, 105), 6), 7), 8
    ),
    "only the embeddings": lambda t: {
        **decoder(31, layers=4, width=WIDTH, hidden=128),
        "model.embed_tokens.weight": trained_on(t, 105)["model.embed_tokens.weight"],
    },
}


@pytest.mark.parametrize("how", DESCENDANTS)
def test_a_descendant_finds_its_parent_first(
    how: str, library: list[Fingerprint]
) -> None:
    """A search that misses the parent clears whoever copied it."""
    child = _print(_model("child", DESCENDANTS[how](PARENT)))
    assert nearest(child, library, 1) == (len(library) - 1,)
    assert screen(child, library[-1]).closeness > 0.1


def test_a_stranger_of_equal_shape_and_tokenizer_is_no_closer_than_others(
    library: list[Fingerprint],
) -> None:
    """What every model of a family shares must not look like descent."""
    stranger = _print(_model("late", decoder(40, layers=4, width=WIDTH, hidden=128)))
    screened = [screen(stranger, reference) for reference in library]
    assert [report.closeness for report in screened] == [0.0] * len(library)
    assert {report.tokenizer for report in screened} == {1.0}


def test_a_moved_layer_is_paired_with_the_one_it_came_from(
    library: list[Fingerprint],
) -> None:
    """The pairs tell a reader where to look in the full comparison."""
    child = _print(_model("child", with_layers(trained_on(PARENT, 105), (3, 0, 2))))
    decoders = [c for c in screen(child, library[-1]).components if c.layer_pairs]
    pairs = [(p.candidate, p.reference) for p in decoders[0].layer_pairs]
    assert pairs == [(0, 3), (1, 0), (2, 2)]


def test_an_encoder_is_found_behind_another_decoder() -> None:
    """One copied component must lead to its model, whatever stands beside it."""
    eyes = encoder(2)
    models = [
        subject(
            f"model-{seed}",
            text_decoder=decoder(seed),
            vision_encoder=encoder(seed) if seed != 12 else eyes,
        )
        for seed in range(10, 15)
    ]
    child = subject(
        "child", text_decoder=decoder(50), vision_encoder=trained_on(eyes, 3)
    )
    prints = [_print(model) for model in models]
    assert nearest(_print(child), prints, 1) == (2,)
    closest = max(
        screen(_print(child), prints[2]).components, key=lambda c: c.closeness
    )
    assert closest.name == "vision_encoder"


def test_bytes_do_not_depend_on_workers_or_on_the_order_of_tensors() -> None:
    """Who makes a fingerprint again must get the digest that a library holds."""
    backwards = dict(reversed(PARENT.items()))
    assert {
        canonical_bytes(_print(_model("parent", tensors), workers))
        for tensors, workers in ((PARENT, 1), (PARENT, 3), (backwards, 2))
    } == {canonical_bytes(_print(_model("parent", PARENT)))}


def test_a_fused_tensor_gives_the_sketches_of_its_parts() -> None:
    """Saving query, key and value as one tensor must not hide them."""
    fused = dict(PARENT)
    for layer in range(4):
        at = f"model.layers.{layer}.self_attn."
        parts = [fused.pop(f"{at}{part}_proj.weight") for part in "qkv"]
        fused[f"{at}qkv_proj.weight"] = np.concatenate(parts)
    apart, together = (
        next(c for c in _print(_model("m", t)).components if c.layers)
        for t in (PARENT, fused)
    )
    assert (apart.basis, apart.gram) == (together.basis, together.gram)
    assert apart.digests != together.digests


def _mixture(layers: int, experts: int, *, changed: int = 0) -> Tensors:
    """A mixture of tiny experts; those of the first `changed` layers are others."""
    rng, tensors = np.random.default_rng(3), decoder(4, layers, width=32, hidden=32)
    for layer in range(layers):
        for part in ("gate", "up", "down"):
            del tensors[f"model.layers.{layer}.mlp.{part}_proj.weight"]
            for expert in range(experts):
                name = f"model.layers.{layer}.mlp.experts.{expert}.{part}_proj.weight"
                table = rng.normal(size=(2, 4)).astype(np.float32)
                tensors[name] = table + np.float32(layer < changed)
    return tensors


@pytest.mark.parametrize(
    "tensors",
    [decoder(4, layers=96, width=32, hidden=64), _mixture(64, 128)],
    ids=["96 layers", "64 layers of 128 experts"],
)
def test_a_fingerprint_stays_within_its_size(tensors: Tensors) -> None:
    """Ten thousand of them have to fit into memory at once."""
    data = canonical_bytes(_print(_model("large", tensors)))
    assert len(data) <= LIMIT
    assert canonical_bytes(read_fingerprint(data, where="it")) == data


def test_copied_experts_show_in_the_digests() -> None:
    """Experts carry most of a mixture's weights and have no sketch of their own."""
    whole, half = (
        _print(_model("m", trained_on(_mixture(4, 16), 5) | experts))
        for experts in (
            {n: t for n, t in _mixture(4, 16).items() if "experts" in n},
            {n: t for n, t in _mixture(4, 16, changed=2).items() if "experts" in n},
        )
    )
    groups = [component.groups for component in whole.components if component.groups]
    assert [(g.label, g.count) for g in groups[0]] == [
        (f"experts of layer {layer}", 48) for layer in range(4)
    ]
    report = next(c for c in screen(half, whole).components if c.layer_pairs)
    assert 0.25 < report.shared_digests / report.compared_digests < 0.75


def test_what_a_configuration_says_is_bounded() -> None:
    """A submitted config.json may hold anything, and a fingerprint is published."""
    hostile = {
        "model_type": "x" * 9999,
        "hidden_size": 10**400,
        "rope_theta": float("nan"),
        "vocab_size": 240,
        "hidden_act": "\ud800",
        "architectures": ["not asked for"],
    }
    facts = _print(_model("m", PARENT, **hostile)).components[0].facts
    assert facts == {"model_type": "x" * 64, "vocab_size": 240, "hidden_act": "?"}


def test_weights_that_are_no_numbers_are_refused() -> None:
    """A diverged checkpoint would get a fingerprint that is near nothing."""
    broken = {name: np.full_like(tensor, np.nan) for name, tensor in PARENT.items()}
    with pytest.raises(InvalidInput, match="NaN"):
        _print(_model("m", broken))


def _spoilt(fingerprint: Fingerprint, **changes: object) -> bytes:
    first, *others = fingerprint.components
    spoilt = msgspec.structs.replace(first, **changes)
    return canonical_bytes(
        msgspec.structs.replace(fingerprint, components=(spoilt, *others))
    )


def test_a_file_that_is_no_fingerprint_is_refused(library: list[Fingerprint]) -> None:
    """A library is a folder of files that somebody else may have written."""
    good = canonical_bytes(library[0])
    renamed = msgspec.structs.replace(library[0], name="\x1b[2J")
    twice = msgspec.structs.replace(library[0], components=library[0].components * 2)
    bad = {
        "empty": b"",
        "not JSON": b"\x80",
        "deep": b"[" * 100_000,
        "another schema": good.replace(b"fingerprint/1", b"fingerprint/9"),
        "an unknown key": good.replace(b'"name"', b'"more":1,"name"'),
        "not canonical": good.replace(b'"name":', b'"name": '),
        "too large": good + b" " * LIMIT,
        "a terminal's escape": canonical_bytes(renamed),
        "a component twice": canonical_bytes(twice),
        "a table cut short": _spoilt(library[0], basis={"tokens_in": b"\x00"}),
        "a role nobody knows": _spoilt(library[0], basis={"other": b"\x00" * 256}),
        "more layers than fit": _spoilt(library[0], layers=10**9),
    }
    assert read_fingerprint(good, where="the file") == library[0]
    for what, data in bad.items():
        with pytest.raises(InvalidInput, match="the file"):
            pytest.fail(f"{what}: {read_fingerprint(data, where='the file')}")


def test_a_scan_corrects_for_every_reference_and_says_what_it_did_not_compare(
    library: list[Fingerprint],
) -> None:
    """Ten thousand looks make one find by chance likely; nothing is left unsaid."""
    model = _model("child", trained_on(PARENT, 105))
    asked: list[tuple[str, int]] = []

    def compare(entry: LibraryEntry, searched: int) -> LineageReport | Text:
        asked.append((entry.name, searched))
        if entry.name != "parent":
            return Text(ko="가중치가 없음", en="no weights")
        return compared(model, _model("parent", PARENT), searched)

    entries = [
        (LibraryEntry(name=p.name, digest="sha256:", weights=None), p) for p in library
    ]
    report = scan(_print(model), entries, top=2, compare=compare)
    assert asked[0] == ("parent", 2 * len(library))
    assert [row.rank for row in report.rows] == [1, 2]
    assert report.rows[0].verdict == report.verdict == "derived"
    assert report.rows[1].verdict is None
    assert report.rows[1].not_compared == Text(ko="가중치가 없음", en="no weights")
    assert report.references == len(library)
