"""A recorded run, and everything that may be done to it afterwards."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dokja.errors import DokjaError
from dokja.training.lines import line_hash
from dokja.training.values import RecordVerdict, Tier
from dokja.wiring.training import VerifyRequest, verify_training
from tests.recorded_run import record_run, write_keys


class Kept:
    """A record, the key it is checked by, and a folder to spoil copies in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.private, self.public = write_keys(folder, "team")
        self.record = folder / "record"
        record_run(self.record, self.private, steps=40)

    def verdict(self, record: Path | None = None) -> RecordVerdict:
        """The verdict on the record or on a copy."""
        return verify_training(
            VerifyRequest(record=record or self.record, team_key=self.public)
        )

    def copy(self) -> Path:
        """A copy that may be spoilt."""
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        return Path(shutil.copytree(self.record, copy))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """One run, recorded once for the module."""
    return Kept(tmp_path_factory.mktemp("kept"))


def results(verdict: RecordVerdict) -> dict[str, str]:
    """Result by check."""
    return {check.id: check.result.value for check in verdict.checks}


def test_a_whole_record_without_a_witness_is_of_tier_e1(kept: Kept) -> None:
    """And says so, check by check."""
    verdict = kept.verdict()
    found = results(verdict)
    assert verdict.tier is Tier.E1
    assert verdict.outcome.value == "inconclusive"
    assert list(found) == [f"V{n}" for n in range(1, 18)]
    passed = {check for check, result in found.items() if result == "pass"}
    assert passed == {"V1", "V2", "V17"}
    assert "fail" not in found.values()
    assert "E1" in verdict.checks[2].detail.en
    assert verdict.cannot_prove


def test_without_the_registered_key_it_is_a_claim(kept: Kept) -> None:
    """A key inside the record would vouch for whoever made both."""
    verdict = verify_training(VerifyRequest(record=kept.record, team_key=None))
    assert verdict.tier is Tier.E0
    assert results(verdict)["V1"] == "inconclusive"


def _files(record: Path) -> list[Path]:
    return sorted(path for path in record.rglob("*") if path.is_file())


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_changed_byte_is_found(kept: Kept, data: st.DataObject) -> None:
    """Whatever file it is in, and whatever it becomes."""
    copy = kept.copy()
    path = data.draw(st.sampled_from(_files(copy)))
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    assert _is_found(kept, copy)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_truncation_is_found(kept: Kept, data: st.DataObject) -> None:
    """Of any file, down to nothing."""
    copy = kept.copy()
    path = data.draw(st.sampled_from(_files(copy)))
    content = path.read_bytes()
    path.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    assert _is_found(kept, copy)


def _is_found(kept: Kept, copy: Path) -> bool:
    """Whether the copy is worth less than the record it was taken from."""
    try:
        after = results(kept.verdict(copy))
    except DokjaError:
        return True
    before = results(kept.verdict())
    return any(after[check] != before[check] for check in before)


def test_a_tail_cut_with_its_heads_is_no_whole_record(kept: Kept) -> None:
    """Alone it cannot be told from a crash; with a witness's head it can."""
    copy = kept.copy()
    last = max((copy / "heads").iterdir())
    cut = sorted((copy / "heads").iterdir())[-2]
    lines = (copy / "log.jsonl").read_bytes().splitlines(keepends=True)
    (copy / "log.jsonl").write_bytes(b"".join(lines[: int(cut.stem)]))
    head = kept.folder / "kept.note"
    last.rename(head)
    assert results(kept.verdict(copy))["V17"] == "inconclusive"
    request = VerifyRequest(record=copy, team_key=kept.public, latest=[head])
    assert results(verify_training(request))["V2"] == "fail"


def _rewritten(record: Path, change: Callable[[list[dict[str, object]]], None]) -> None:
    """Spoils the log as somebody would who knows how lines hang together."""
    events = [json.loads(x) for x in (record / "log.jsonl").read_text().splitlines()]
    change(events)
    before, lines = "0" * 64, []
    for number, event in enumerate(events):
        event |= {"seq": number, "prev": before}
        lines.append(json.dumps(event, sort_keys=True, separators=(",", ":")).encode())
        before = line_hash(lines[-1])
    (record / "log.jsonl").write_bytes(b"\n".join(lines) + b"\n")


def _drop_a_step(events: list[dict[str, object]]) -> None:
    del events[next(n for n, e in enumerate(events) if e.get("step") == 7)]


def _swap_two_steps(events: list[dict[str, object]]) -> None:
    first = next(n for n, e in enumerate(events) if e.get("step") == 7)
    events[first], events[first + 1] = events[first + 1], events[first]


def _lower_a_loss(events: list[dict[str, object]]) -> None:
    next(e for e in events if e.get("step") == 7)["loss"] = "0x1.0p+0"


def _repeat_a_step(events: list[dict[str, object]]) -> None:
    number = next(n for n, e in enumerate(events) if e.get("step") == 7)
    events.insert(number, dict(events[number]))


@pytest.mark.parametrize(
    "change", [_drop_a_step, _swap_two_steps, _lower_a_loss, _repeat_a_step]
)
def test_a_log_written_anew_is_not_what_was_signed(
    kept: Kept, change: Callable[[list[dict[str, object]]], None]
) -> None:
    """Hashes of lines can be made again by anybody; signed heads cannot."""
    copy = kept.copy()
    _rewritten(copy, change)
    verdict = kept.verdict(copy)
    assert results(verdict)["V2"] == "fail"
    assert verdict.tier is Tier.E0


def test_the_rewriting_itself_changes_nothing(kept: Kept) -> None:
    """The control: unchanged events come out as the same bytes."""
    copy = kept.copy()
    _rewritten(copy, lambda _: None)
    assert results(kept.verdict(copy)) == results(kept.verdict())


def test_a_head_by_another_key_is_refused(kept: Kept, tmp_path: Path) -> None:
    """Whoever makes a key can sign anything with it."""
    _, other = write_keys(tmp_path, "another team")
    verdict = verify_training(VerifyRequest(record=kept.record, team_key=other))
    assert results(verdict)["V1"] == "fail"
    assert verdict.outcome.value == "fail"


def test_links_and_pipes_in_a_record_are_not_followed(kept: Kept) -> None:
    """A record that was handed in must not read files of the reader's."""
    copy = kept.copy()
    log = copy / "log.jsonl"
    log.rename(copy / "elsewhere")
    log.symlink_to(copy / "elsewhere")
    with pytest.raises(DokjaError):
        kept.verdict(copy)
