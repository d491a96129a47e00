"""Has the training of 첫눈마을 done again as an auditor would, and signs what was found.

    python examples/training/replay.py

The auditor's key is made from a published text, and so is the beacon: nothing here proves anything.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from recipes import EXAMPLES
from recording import WITNESS, write_keys

TEAM, RUN = "cheotnunmaeul", "text_decoder"
AUDITOR = "auditor"
BEACON_TEXT = "dokja example: drawn after the records closed"


def beacon() -> str:
    """Hex digits that choose what is replayed; a real one is drawn in public."""
    return hashlib.sha256(BEACON_TEXT.encode()).hexdigest()[:32]


def main() -> int:
    """The exit status of the replay."""
    model, programme = EXAMPLES / "models" / TEAM, EXAMPLES / "programme"
    report = programme / "stage-1" / "replays" / f"{TEAM}-{RUN}.json"
    report.parent.mkdir(exist_ok=True)
    dokja = Path(sys.executable).with_name("dokja")
    with tempfile.TemporaryDirectory() as folder:
        key = write_keys(Path(folder), AUDITOR)
        command = [dokja, "training", "replay", model / "training" / "records" / RUN]
        command += ["--materials", EXAMPLES / "materials" / TEAM / RUN]
        command += ["--model", model / RUN]
        command += ["--leases", programme / "leases.toml"]
        command += ["--key", programme / "keys" / f"{TEAM}.pub.pem"]
        command += ["--witness", programme / "keys" / f"{WITNESS}.pub.pem"]
        command += ["--beacon", beacon(), "--auditor", key, "--report", report]
        return subprocess.run(command, check=False).returncode  # noqa: S603 - our own


if __name__ == "__main__":
    sys.exit(main())
