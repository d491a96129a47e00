"""FP8 weights: read with the scales that stand beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dokja.adapters.weights import LocalModelFolder
from dokja.errors import InvalidInput
from dokja.submission.ports import Checkpoint

torch = pytest.importorskip("torch", reason="the extra [harness] is not installed")
safetensors_torch = pytest.importorskip("safetensors.torch")

NAME = "model.layers.0.mlp.up_proj.weight"
TYPES = (torch.float8_e4m3fn, torch.float8_e5m2)


def _codes(shape: tuple[int, ...], kind: Any) -> Any:
    values = np.random.default_rng(len(shape)).normal(size=shape)
    return torch.from_numpy(values).to(kind)


def _save(root: Path, tensors: dict[str, Any], block: object = None) -> None:
    root.mkdir(parents=True, exist_ok=True)
    copies = {name: tensor.clone() for name, tensor in tensors.items()}
    safetensors_torch.save_file(copies, root / "model.safetensors")
    quantisation = {"quantization_config": {"weight_block_size": block}}
    (root / "config.json").write_text(json.dumps(quantisation if block else {}))


def _open(root: Path, block_bytes: int = 1 << 20) -> Checkpoint:
    return LocalModelFolder(root, block_bytes=block_bytes).checkpoint(".")


def _whole(checkpoint: Checkpoint, name: str = NAME) -> npt.NDArray[np.float32]:
    return checkpoint.rows(name, 0, checkpoint.shapes()[name][0])


def _expected(codes: Any, factors: Any) -> npt.NDArray[np.float32]:
    product: npt.NDArray[np.float32] = (codes.float() * factors.float()).numpy()
    return product.reshape(len(product), -1)


@pytest.mark.parametrize("kind", TYPES)
def test_codes_without_a_scale_are_read_as_they_are(tmp_path: Path, kind: Any) -> None:
    """Some checkpoints are cast and not scaled."""
    every = torch.arange(256, dtype=torch.uint8).view(kind).reshape(16, 16)
    _save(tmp_path, {NAME: every})
    np.testing.assert_array_equal(_whole(_open(tmp_path)), every.float().numpy())


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(
    "shape", [(), (1,), (1, 1), (6,), (6, 1)], ids=["0d", "1", "1x1", "rows", "rowsx1"]
)
@pytest.mark.parametrize("stored", [torch.float32, torch.bfloat16])
def test_a_scale_of_the_tensor_or_of_its_rows_is_applied(
    tmp_path: Path, kind: Any, shape: tuple[int, ...], stored: Any
) -> None:
    """Unscaled codes all look alike in size, and their layers would not match."""
    codes = _codes((6, 10), kind)
    scale = (torch.rand(shape) + 0.5).to(stored)
    _save(tmp_path, {NAME: codes, f"{NAME}_scale": scale})
    factors = scale.reshape(-1, 1) if scale.numel() == 6 else scale.reshape(1, 1)
    read = _whole(_open(tmp_path))
    np.testing.assert_array_equal(read, _expected(codes, factors))


@pytest.mark.parametrize(
    ("shape", "block", "side"),
    [
        ((300, 200), None, (128, 128)),
        ((256, 128), [128, 128], (128, 128)),
        ((96, 80), [32, 64], (32, 64)),
        ((64, 64), None, (16, 32)),
        ((3, 130, 260), None, (1, 128, 128)),
    ],
)
def test_a_scale_of_blocks_is_spread_over_them(
    tmp_path: Path,
    shape: tuple[int, ...],
    block: list[int] | None,
    side: tuple[int, ...],
) -> None:
    """The last block of an axis is cut where the axis ends."""
    codes = _codes(shape, torch.float8_e4m3fn)
    counts = [-(-n // s) for n, s in zip(shape, side, strict=True)]
    scale = torch.rand(counts) + 0.5
    _save(tmp_path, {NAME: codes, f"{NAME}_scale_inv": scale}, block)
    factors = scale
    for axis, (size, width) in enumerate(zip(shape, side, strict=True)):
        factors = factors.repeat_interleave(width, axis).narrow(axis, 0, size)
    read = _whole(_open(tmp_path))
    np.testing.assert_array_equal(read, _expected(codes, factors))


def test_a_scale_of_powers_of_two_is_read(tmp_path: Path) -> None:
    """Newer checkpoints keep the exponent of the scale alone."""
    codes = _codes((4, 8), torch.float8_e4m3fn)
    scale = torch.tensor([[2.0**-7]]).to(torch.float8_e8m0fnu)
    _save(tmp_path, {NAME: codes, f"{NAME}_scale_inv": scale})
    expected = _expected(codes, torch.tensor(2.0**-7))
    np.testing.assert_array_equal(_whole(_open(tmp_path)), expected)


def test_scales_are_not_offered_as_weights(tmp_path: Path) -> None:
    """They would be listed as tensors that nobody could test."""
    codes, one = _codes((4, 8), torch.float8_e5m2), torch.ones(1)
    module = NAME.removesuffix("weight")
    other = "model.layers.0.self_attn.k_scale"
    _save(
        tmp_path,
        {NAME: codes, f"{NAME}_scale": one, f"{module}input_scale": one, other: one},
    )
    assert set(_open(tmp_path).shapes()) == {NAME, other}
    _save(tmp_path / "plain", {NAME: codes.float(), f"{NAME}_scale": one})
    assert set(_open(tmp_path / "plain").shapes()) == {NAME, f"{NAME}_scale"}


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(block_bytes=st.integers(1, 200_000))
def test_the_block_size_changes_no_value(tmp_path: Path, block_bytes: int) -> None:
    """A read may begin anywhere inside a block of the scale."""
    codes = _codes((300, 150), torch.float8_e4m3fn)
    scale = torch.arange(1, 7, dtype=torch.float32).reshape(3, 2)
    if not (tmp_path / "model.safetensors").exists():
        _save(tmp_path, {NAME: codes, f"{NAME}_scale_inv": scale})
    small, large = _open(tmp_path, block_bytes), _open(tmp_path)
    joined = np.concatenate(list(small.blocks(NAME)))
    np.testing.assert_array_equal(joined, _whole(large))
    assert small.digest(NAME) == large.digest(NAME)


def test_a_digest_covers_the_scale(tmp_path: Path) -> None:
    """The same codes under another scale are other weights."""
    codes = _codes((4, 8), torch.float8_e4m3fn)
    digests = set()
    for number, scale in enumerate((1.0, 2.0, None)):
        tensors = {NAME: codes}
        if scale is not None:
            tensors[f"{NAME}_scale"] = torch.tensor([scale])
        _save(tmp_path / str(number), tensors)
        digests.add(_open(tmp_path / str(number)).digest(NAME))
    assert len(digests) == 3


@pytest.mark.parametrize(
    ("scales", "fact"),
    [
        ({"_scale": torch.ones(3, 7)}, "equal blocks"),
        ({"_scale": torch.ones(5)}, "equal blocks"),
        ({"_scale": torch.ones(1, 2, 2)}, "its scale is F32"),
        ({"_scale": torch.ones(0)}, "equal blocks"),
        ({"_scale": torch.ones(4, 1, dtype=torch.int32)}, "its scale is I32"),
        ({"_scale": torch.ones(1), "_scale_inv": torch.ones(1)}, "both"),
    ],
)
def test_a_scale_that_does_not_fit_is_refused(
    tmp_path: Path, scales: dict[str, Any], fact: str
) -> None:
    """Stretched at a guess it would give weights that nobody trained."""
    codes = _codes((4, 8), torch.float8_e4m3fn)
    _save(tmp_path, {NAME: codes, **{NAME + end: s for end, s in scales.items()}})
    with pytest.raises(InvalidInput, match=fact) as caught:
        _open(tmp_path)
    assert NAME in caught.value.fact
    assert caught.value.remedy
