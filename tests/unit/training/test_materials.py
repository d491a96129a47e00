"""What a team opens to the auditor: kept by the recorder, read as a stranger's."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch
from safetensors import numpy as safetensors_numpy
from safetensors import torch as safetensors_torch

from dokja.adapters.records import MaterialsFolder, RecordFolder
from dokja.errors import DokjaError, InvalidInput
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.values import Text
from dokja.recorder import Recorder, code_digest
from dokja.training.commitments import batch_commitment
from dokja.training.kept_states import KeptStates
from dokja.training.materials import read_leases
from dokja.training.reading import read_record
from dokja.training.stored_tensors import header_bytes, read_header
from dokja.training.values import RecordedCheckpoint, Step
from tests.recorded_run import RUN, TEAM, make, state, train_step, write_keys

PLAN = """
[program]
command = ["python", "train.py"]
[model]
parameters = 100
active_parameters = 100
layers = 1
hidden = 4
context = 8
vocabulary = 37
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of two steps with its materials, a number of each type among them."""
    folder = tmp_path_factory.mktemp("kept")
    key, _ = write_keys(folder, "team")
    model, optimizer = make()
    with Recorder(folder / "record", team=TEAM, run=RUN, key=key) as record:
        record.keep_materials(folder / "materials")
        record.begin(model, optimizer, recipe="")
        for step in (1, 2):
            loss = train_step(model, optimizer, step)
            record.step(step, loss=loss, batch=[("a", 0, step, 4), ("a", 1, 0, 4)])
        more = {
            "half": model.embed.weight.detach().bfloat16(),
            "flags": torch.tensor([True, False]),
            "cursor": torch.tensor(7),
            "rng": torch.get_rng_state(),
        }
        record.checkpoint(2, {**state(model, optimizer), "more": more})
        record.checkpoint(2, {"model": model.state_dict()}, kept=False)
    (folder / "materials" / "materials.toml").write_text(PLAN)
    return folder


def test_kept_states_are_the_recorded_ones(kept: Path) -> None:
    """First weights and checkpoint are proven by their digests, tensor by tensor."""
    source = RecordFolder(kept / "record")
    reading = read_record(source)
    states = KeptStates(source, MaterialsFolder(kept / "materials"))
    init = reading.init
    assert init is not None
    first = states.of(init)
    assert not isinstance(first, Text)
    assert first.names() == ("embed.weight", "head.bias", "head.weight")
    one, two = (e for e in reading.events if isinstance(e, RecordedCheckpoint))
    found = states.of(one)
    assert not isinstance(found, Text)
    assert found.array("more.half").dtype.name == "bfloat16"
    assert found.array("more.cursor") == 7
    assert (one.kept, two.kept) == (True, False)
    assert isinstance(states.of(two), Text)


def test_other_libraries_read_what_the_recorder_keeps(kept: Path) -> None:
    """The files are safetensors, whatever number type stands in them."""
    for file in (kept / "materials" / "states").iterdir():
        loaded = safetensors_torch.load_file(file)
        assert set(loaded) == set(read_tensors(file))


def read_tensors(file: Path) -> list[str]:
    """Names of the tensors of a file by our own reader."""
    raw = file.read_bytes()
    length = header_bytes(raw[:8], len(raw))
    return list(read_header(raw[8 : 8 + length], len(raw)))


def test_the_order_gives_the_commitments_again(kept: Path) -> None:
    """Where batches were read from is what each step committed itself to."""
    steps = read_record(RecordFolder(kept / "record")).steps
    order = MaterialsFolder(kept / "materials").order([1, 2, 3])
    assert sorted(order) == [1, 2]
    assert [batch_commitment(order[s.step]) for s in steps] == [s.batch for s in steps]
    assert all(isinstance(s, Step) for s in steps)


@pytest.mark.parametrize("place", [8, -1])
def test_a_state_that_was_changed_counts_as_lost(kept: Path, place: int) -> None:
    """A disk can do that too, so it accuses nobody and nothing is computed from it."""
    source = RecordFolder(kept / "record")
    init = read_record(source).init
    assert init is not None
    path = kept / "materials" / "states" / f"{init.root[7:]}.safetensors"
    whole = path.read_bytes()
    spoilt = bytearray(whole)
    spoilt[place] ^= 1
    path.write_bytes(spoilt)
    found = KeptStates(source, MaterialsFolder(kept / "materials")).of(init)
    path.write_bytes(whole)
    assert isinstance(found, Text)


def test_links_and_paths_lead_nowhere(tmp_path: Path) -> None:
    """Materials must not read files of the auditor's."""
    folder = tmp_path / "materials"
    (folder / "states").mkdir(parents=True)
    (folder / "program").mkdir()
    secret = tmp_path / "secret.safetensors"
    safetensors_numpy.save_file({"a": np.zeros(2, dtype=np.float32)}, secret)
    (folder / "states" / f"{'0' * 64}.safetensors").symlink_to(secret)
    (folder / "program" / "train.py").symlink_to(secret)
    materials = MaterialsFolder(folder)
    linked = materials.state("sha256:" + "0" * 64)
    assert linked is not None
    with pytest.raises(InvalidInput):
        linked.names()
    with pytest.raises(InvalidInput):
        materials.program_digest()
    assert materials.shard("../../secret") is None
    with pytest.raises(DokjaError):
        materials.plan()


def test_a_shard_is_read_by_pieces_and_bounded(tmp_path: Path) -> None:
    """Its digest is the file's; a piece outside it is refused."""
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "a.safetensors"
    tokens = np.arange(20, dtype=np.uint16)
    starts = np.array([0, 5], dtype=np.int64)
    safetensors_numpy.save_file({"tokens": tokens, "documents": starts}, file)
    shard = MaterialsFolder(tmp_path).shard("a")
    assert shard is not None
    assert shard.digest == digest_bytes(file.read_bytes())
    assert (shard.length, shard.documents().tolist()) == (20, [0, 5])
    assert shard.tokens(4, 7).tolist() == [4, 5, 6]
    with pytest.raises(InvalidInput):
        shard.tokens(15, 21)


def test_headers_that_cannot_be_are_refused() -> None:
    """A gap, an overlap, a size that is not the shape's, a type nobody knows."""

    def header(**table: object) -> bytes:
        return msgspec.json.encode(table)

    def entry(start: int, stop: int, dtype: str = "F32") -> dict[str, object]:
        return {"dtype": dtype, "shape": [1], "data_offsets": [start, stop]}

    broken = [
        header(a=entry(4, 8)),
        header(a=entry(0, 4), b=entry(0, 4)),
        header(a=entry(0, 8)),
        header(a=entry(0, 4, "X9")),
        header(a={"dtype": "F32", "shape": [-1], "data_offsets": [0, -4]}),
        b"[" * 100_000,
        b"{}",
    ]
    for raw in broken:
        with pytest.raises(InvalidInput):
            read_header(raw, 8 + len(raw) + 4)


def test_a_code_tree_has_one_digest(tmp_path: Path) -> None:
    """Of what it holds under which names; caches of the interpreter are not code."""
    program = tmp_path / "program"
    program.mkdir()
    (program / "train.py").write_text("print()\n")
    before = code_digest(program)
    (program / "__pycache__").mkdir()
    (program / "__pycache__" / "train.pyc").write_bytes(b"x")
    assert code_digest(program) == before
    assert MaterialsFolder(tmp_path).program_digest() == before
    assert 0 < MaterialsFolder(tmp_path).program_size() < 100
    (program / "train.py").rename(program / "run.py")
    assert code_digest(program) != before


def test_leases_are_the_organisers() -> None:
    """Unknown keys are refused: a misspelt one would go unnoticed."""
    row = 'lease="l"\ndevice="d"\ncount=8\nhours=1.5\npeak_flops=1e15\n'
    assert read_leases(f"[[leases]]\n{row}".encode())[0].count == 8
    with pytest.raises(InvalidInput):
        read_leases(f"[[leases]]\n{row}hour=2\n".encode())
