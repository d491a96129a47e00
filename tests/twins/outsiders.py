"""Files changed afterwards by somebody who has nobody's key."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dokja.training import values
from dokja.training.lines import line_hash
from tests.twins.honest import Kept
from tests.twins.mutation import Hand, Mutation, spoilt
from tests.twins.story import STATES

Lines = list[bytes]
Fields = dict[str, Any]


def lines_of(kept: Kept) -> Lines:
    """The lines of the log without their newlines."""
    return (kept.record / "log.jsonl").read_bytes().splitlines()


def write_lines(kept: Kept, lines: Lines, *, end: bytes = b"\n") -> None:
    """Puts these lines in the place of the log's."""
    data = b"".join(line + end for line in lines)
    (kept.record / "log.jsonl").write_bytes(data)


def relinked(lines: Lines) -> Lines:
    """The lines with numbers and hashes that fit: anybody can make those again."""
    before, linked = "0" * 64, []
    for number, line in enumerate(lines):
        fields = json.loads(line) | {"seq": number, "prev": before}
        linked.append(canonical(fields))
        before = line_hash(linked[-1])
    return linked


def canonical(fields: Fields) -> bytes:
    """The line of the fields, whatever they hold."""
    return json.dumps(
        fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def step_line(lines: Lines, step: int = 7) -> int:
    """Where that step stands."""
    return next(
        n
        for n, line in enumerate(lines)
        if (f := json.loads(line))["ev"] == "step" and f["step"] == step
    )


def heads(kept: Kept) -> list[Path]:
    """Files of the tree heads, by size."""
    return sorted((kept.record / "heads").iterdir())


def flip(path: Path, at: int, bit: int = 1) -> None:
    """Flips one bit of a file; a negative place counts from its end."""
    data = bytearray(path.read_bytes())
    data[at] ^= bit
    path.write_bytes(data)


def _on_lines(change: Callable[[Lines], Lines | None]) -> Callable[[Kept], None]:
    def spoil(kept: Kept) -> None:
        lines = lines_of(kept)
        write_lines(kept, change(lines) or lines)

    return spoil


def _on_step(change: Callable[[bytes], bytes]) -> Callable[[Kept], None]:
    """Changes the line of step 7 by its bytes and links all lines after it again."""

    def spoil(kept: Kept) -> None:
        lines = lines_of(kept)
        where = step_line(lines)
        changed = change(lines[where])
        assert changed != lines[where]
        lines[where] = changed
        for n in range(where + 1, len(lines)):
            fields = json.loads(lines[n]) | {"prev": line_hash(lines[n - 1])}
            lines[n] = canonical(fields)
        write_lines(kept, lines)

    return spoil


def _flip_line(kept: Kept) -> None:
    flip(kept.record / "log.jsonl", 300)


def _lower_a_loss(lines: Lines) -> Lines:
    where = step_line(lines)
    lines[where] = canonical(json.loads(lines[where]) | {"loss": "0x1.0p+0"})
    return relinked(lines)


def _drop(lines: Lines) -> None:
    del lines[step_line(lines)]


def _drop_relinked(lines: Lines) -> Lines:
    _drop(lines)
    return relinked(lines)


def _reorder(lines: Lines) -> None:
    n = step_line(lines)
    lines[n], lines[n + 1] = lines[n + 1], lines[n]


def _reorder_relinked(lines: Lines) -> Lines:
    _reorder(lines)
    return relinked(lines)


def _repeat(lines: Lines) -> None:
    n = step_line(lines)
    lines.insert(n, lines[n])


def _same_number_twice(lines: Lines) -> None:
    n = step_line(lines)
    fields = json.loads(lines[n])
    lines[n + 1] = canonical(json.loads(lines[n + 1]) | {"seq": fields["seq"]})


def _after_the_end(lines: Lines) -> Lines:
    return relinked([*lines, lines[step_line(lines)]])


def _second_start(lines: Lines) -> Lines:
    return relinked([*lines[:9], lines[0], *lines[9:]])


def _half_a_line(kept: Kept) -> None:
    log = kept.record / "log.jsonl"
    log.write_bytes(log.read_bytes()[:-40])


def _cut_log(kept: Kept) -> None:
    write_lines(kept, lines_of(kept)[:-5])


def _cut_log_and_heads(kept: Kept) -> None:
    """To the head before last, so that what is left is whole."""
    *_, before, last = heads(kept)
    write_lines(kept, lines_of(kept)[: int(before.stem)])
    last.unlink()


def _cut_unnoticed(kept: Kept) -> None:
    _cut_log_and_heads(kept)
    kept.latest.unlink()


def _retyped(old: bytes, new: bytes) -> Callable[[Kept], None]:
    return _on_step(lambda line: line.replace(old, new, 1))


LOG = (
    ("a bit of a line flipped", "V2", _flip_line),
    ("a loss lowered, lines linked again", "V2", _on_lines(_lower_a_loss)),
    ("a step dropped", "V2", _on_lines(_drop)),
    ("a step dropped, lines linked again", "V2", _on_lines(_drop_relinked)),
    ("two steps swapped", "V2", _on_lines(_reorder)),
    ("two steps swapped, lines linked again", "V2", _on_lines(_reorder_relinked)),
    ("a line written twice", "V2", _on_lines(_repeat)),
    ("one number for two lines", "V2", _on_lines(_same_number_twice)),
    ("an event after the end", "V2", _on_lines(_after_the_end)),
    ("a second start", "V2", _on_lines(_second_start)),
    ("half a last line", "V2", _half_a_line),
    ("tail cut from the log, heads left", "V2", _cut_log),
    ("tail cut with its heads", "V2", _cut_log_and_heads),
    ("step 7 retyped as a float", "V2", _retyped(b'"step":7,', b'"step":7.0,')),
    ("step 7 retyped as text", "V2", _retyped(b'"step":7,', b'"step":"7",')),
    ("NaN for a number", "V2", _retyped(b'"step":7,', b'"step":NaN,')),
    ("a number past 2^53", "V2", _retyped(b'"step":7,', b'"step":9007199254740993,')),
    ("a key twice in a line", "V2", _retyped(b'"step":7,', b'"step":7,"step":7,')),
    ("a space in a line", "V2", _retyped(b'"step":7,', b'"step": 7,')),
    ("an unknown field", "V2", _retyped(b'"step":7,', b'"step":7,"theme":1,')),
    (
        "lines ended as on Windows",
        "V2",
        lambda kept: write_lines(kept, lines_of(kept), end=b"\r\n"),
    ),
)


def _flip_root(kept: Kept) -> None:
    text = heads(kept)[1].read_text()
    origin, size, root, *rest = text.split("\n")
    other = ("A" if root[3] != "A" else "B").join((root[:3], root[4:]))
    heads(kept)[1].write_text("\n".join([origin, size, other, *rest]))


def _flip_signature(kept: Kept) -> None:
    path = heads(kept)[1]
    flip(path, path.read_bytes().index("—".encode()) + 60)


def _flip_cosignature(kept: Kept) -> None:
    flip(heads(kept)[1], -30)


def _swap_signatures(kept: Kept) -> None:
    """Each of two heads under the signatures of the other."""
    one, two = heads(kept)[:2]
    top_one, _, lines_one = one.read_text().partition("\n\n")
    top_two, _, lines_two = two.read_text().partition("\n\n")
    one.write_text(f"{top_one}\n\n{lines_two}")
    two.write_text(f"{top_two}\n\n{lines_one}")


def _older_cosignature(kept: Kept) -> None:
    """The witness's line of an older head under the last one."""
    first, last = heads(kept)[0], heads(kept)[-1]
    top, _, lines = last.read_text().partition("\n\n")
    stale = first.read_text().splitlines(keepends=True)[-1]
    last.write_text(f"{top}\n\n{lines.splitlines(keepends=True)[0]}{stale}")


def _no_cosignatures(kept: Kept) -> None:
    for path in heads(kept):
        top, _, lines = path.read_text().partition("\n\n")
        path.write_text(f"{top}\n\n{lines.splitlines(keepends=True)[0]}")


def _tensor_lists(kept: Kept) -> list[Path]:
    """Lists of the recorded states, in the order of the log."""
    events = (entry.event for entry in kept.story.entries)
    names = [e.tensors[7:] for e in events if isinstance(e, STATES)]
    return [kept.record / "lists" / f"{name}.json" for name in names]


def _flip_list(kept: Kept) -> None:
    flip(_tensor_lists(kept)[1], 100)


def _lose_list(kept: Kept) -> None:
    _tensor_lists(kept)[1].unlink()


def _rename_list(kept: Kept) -> None:
    one, *_, two = _tensor_lists(kept)
    two.write_bytes(one.read_bytes())


def _flip_nonce(kept: Kept) -> None:
    flip(kept.record / "statements" / "nonce.dsse.json", 40)


def _plant_head(kept: Kept) -> None:
    (kept.record / "heads" / "000000000009.note").write_text("a note\n")


def _plant_file(kept: Kept) -> None:
    (kept.record / "model.pkl").write_bytes(b"\x80\x04.")


def _plant_list(kept: Kept) -> None:
    (kept.record / "lists" / f"{'ab' * 32}.json").write_text("[]")


def _plant_statement(kept: Kept) -> None:
    (kept.record / "statements" / "nonce-2.dsse.json").write_text("{}")


def _link_log(kept: Kept) -> None:
    log = kept.record / "log.jsonl"
    elsewhere = kept.folder / "elsewhere"
    log.rename(elsewhere)
    log.symlink_to(elsewhere)


def _pipe_for_a_list(kept: Kept) -> None:
    path = _tensor_lists(kept)[1]
    path.unlink()
    os.mkfifo(path)


FILES = (
    ("a bit of a head's root flipped", "V1", _flip_root),
    ("a bit of the team's signature flipped", "V1", _flip_signature),
    (
        "a bit of the witness's signature flipped",
        "V1",
        lambda k: flip(heads(k)[1], -30),
    ),
    ("two heads under each other's signatures", "V1", _swap_signatures),
    ("a cosignature of an older head", "V1", _older_cosignature),
    ("cosignatures taken off", "V3", _no_cosignatures),
    ("a bit of a tensor list flipped", "V6", _flip_list),
    ("a tensor list in the place of another", "V6", _rename_list),
    ("a tensor list lost", "V6", _lose_list),
    ("a bit of the nonce's statement flipped", "V3", _flip_nonce),
    ("a file planted among the heads", "V1", _plant_head),
    ("a file planted beside the log", "V1", _plant_file),
    ("a list planted that no event names", "V1", _plant_list),
    ("a statement planted that nobody signed", "V1", _plant_statement),
    ("the log replaced by a link", "refused", _link_log),
    ("a list replaced by a pipe", "refused", _pipe_for_a_list),
)


def _spoil_states(spoil: Callable[[bytes], bytes | None]) -> Callable[[Kept], None]:
    """Changes the files of all kept states but the first; they are links, so anew."""

    def change(kept: Kept) -> None:
        roots = [
            e.event.root
            for e in kept.story.entries
            if isinstance(e.event, values.RecordedCheckpoint)
        ]
        for root in roots[1:]:
            path = kept.folder / "materials" / "states" / f"{root[7:]}.safetensors"
            data = spoil(path.read_bytes())
            path.unlink()
            if data is not None:
                path.write_bytes(data)

    return change


def _one_bit(data: bytes) -> bytes:
    return data[:-99] + bytes([data[-99] ^ 1]) + data[-98:]


def _in_bounds_no_more(data: bytes) -> bytes:
    """A header that claims far more than the file holds."""
    return (2**40).to_bytes(8, "little") + data[8:]


def _flip_shards(kept: Kept) -> None:
    manifest = kept.story.first(values.DataManifest)
    flip(kept.record / "lists" / f"{manifest.shards[7:]}.json", 100)


MATERIALS = (
    ("a bit of every kept state flipped", "V8", _spoil_states(_one_bit)),
    ("kept states lost", "V8", _spoil_states(lambda _: None)),
    ("kept states that are pickles", "V8", _spoil_states(lambda _: b"\x80\x04." * 99)),
    ("kept states past their bounds", "V8", _spoil_states(_in_bounds_no_more)),
    ("a bit of the list of shards flipped", "V13", _flip_shards),
)
_NO_MORE_THAN_OPEN = {
    "a bit of the witness's signature flipped",
    # An accident looks the same: a lost file, a stray one, a witness nobody named.
    "a cosignature of an older head",
    "a tensor list lost",
    "a file planted beside the log",
    "a list planted that no event names",
    "a statement planted that nobody signed",
}
_NEEDS = {"a tensor list lost": frozenset({"materials"})}
"""V6 has nothing to lose where released weights are not compared."""
_UNNOTICED = Mutation(
    name="tail cut with its heads, no head kept by the witness",
    hand=Hand.OUTSIDER,
    caught_by="V17",
    as_="inconclusive",
    forge=spoilt(_cut_unnoticed),
)
OUTSIDERS = (
    *(
        Mutation(
            name=name,
            hand=Hand.OUTSIDER,
            caught_by=check,
            as_="inconclusive" if name in _NO_MORE_THAN_OPEN else "fail",
            forge=spoilt(spoil),
            needs=_NEEDS.get(name, frozenset()),
        )
        for name, check, spoil in (*LOG, *FILES)
    ),
    _UNNOTICED,
    *(
        Mutation(
            name=name,
            hand=Hand.OUTSIDER,
            caught_by=check,
            as_="inconclusive",
            forge=spoilt(spoil),
            needs=frozenset({"materials", "replay"}),
        )
        for name, check, spoil in MATERIALS
    ),
)
