"""Logs of other tools become records that claim no more than they can."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dokja.errors import Conflict, InvalidInput
from dokja.training.importers import IMPORTERS
from dokja.training.values import Tier
from dokja.wiring.training import (
    ImportRequest,
    VerifyRequest,
    import_log,
    verify_training,
)
from tests.recorded_run import write_keys

_MEGATRON = """\
some banner
 [2026-03-01 10:00:0{n}.123456] iteration        {n}/     100 | consumed samples: \
         512 | elapsed time per iteration (ms): 900.1 | learning rate: 3.000000E-04 | \
global batch size:   512 | lm loss: {loss}E+00 | loss scale: 1.0 | grad norm: 1.250 | \
number of skipped iterations:   0 | number of nan iterations:   0 |
"""


def _torchtitan(step: int, name: str, value: float, rank: int = 0) -> str:
    line = {"rank": rank, "step": step, "time_us": 1_772_359_200_000_000 + step}
    named = {"log_type_name": "metric_value", "event_name": name, "value": value}
    return json.dumps(line | named)


LOGS = {
    "megatron": "".join(_MEGATRON.format(n=n, loss=f"{4 - n}.5") for n in (1, 2, 3)),
    "torchtitan": "\n".join(
        [
            '{"log_type_name": "fwd_bwd_end", "value": 12.5, "step": 1}',
            "no json",
            *(_torchtitan(n, "loss_metrics/global_avg_loss", 4.5 - n) for n in (1, 2)),
            _torchtitan(3, "train.loss", 1.5),
            _torchtitan(3, "train.loss", 99.0, rank=1),
            _torchtitan(1, "lr", 3e-4),
        ]
    ),
    "wandb": "\n".join(
        json.dumps({"_step": n, "_timestamp": 1_772_359_200.5, "train/loss": 4.5 - n})
        for n in (1, 2, 3)
    ),
}


@pytest.mark.parametrize("tool", [*LOGS, "mlflow"])
def test_a_log_becomes_a_record_of_tier_e1(tool: str, tmp_path: Path) -> None:
    """Signed, in order, with where it came from, and never more than that."""
    key, public = write_keys(tmp_path, "team")
    source = tmp_path / "log"
    if tool == "mlflow":
        source.mkdir()
        rows = [f"1772359200000 {4.5 - n} {n}" for n in (1, 2, 3)]
        (source / "loss").write_text("\n".join(rows))
    else:
        source.write_text(LOGS[tool])
    request = ImportRequest(
        tool=tool, source=source, out=tmp_path / "r", origin="alpha/run-1", key=key
    )
    assert import_log(request, now=datetime(2026, 3, 2, tzinfo=UTC)) == 4
    lines = (tmp_path / "r/log.jsonl").read_text().splitlines()
    events = [json.loads(line) for line in lines]
    assert events[0]["imported_from"] == tool
    losses = [float.fromhex(event["loss"]) for event in events[1:]]
    assert losses == [3.5, 2.5, 1.5]
    verdict = verify_training(VerifyRequest(record=tmp_path / "r", team_key=public))
    assert verdict.tier is Tier.E1
    assert verdict.checks[16].result.value == "inconclusive"
    with pytest.raises(Conflict):
        import_log(request, now=datetime(2026, 3, 2, tzinfo=UTC))


@pytest.mark.parametrize("tool", sorted(IMPORTERS))
@pytest.mark.parametrize(
    "line",
    ["", "{", '{"a":' * 3000, '{"_step":1e400,"loss":1}', "1 2", "[]", "x" * 10_000],
)
def test_what_is_no_log_is_refused(tool: str, line: str) -> None:
    """With a remedy, not with a traceback."""
    with pytest.raises(InvalidInput):
        list(IMPORTERS[tool]([("loss", line)]))
