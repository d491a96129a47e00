"""Writes the bundle of a release into tests/compat/bundles, once a release.

    python -m tests.compat.make_bundle

A bundle that stands there is never written again: it is what older versions
published, and this version must verify it for ever.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from dokja import __version__
from dokja.adapters.signing import Ed25519Signer
from dokja.bundle import make_bundle
from dokja.report import render_stage_report
from tests.programme_simulator import SimulatedStage
from tests.rulebooks import changed

BUNDLES = Path(__file__).with_name("bundles")
SIGNER = Ed25519Signer.from_seed(b"dokja compatibility test, no use")


def main() -> None:
    """Writes `VERSION.zip` and `VERSION.pub`; refuses to write over them."""
    stage = SimulatedStage()
    stage.rulebook = changed("days = 10", "days = 12")
    record = stage.run()
    files = make_bundle(
        stage.acts(),
        rulebook=stage.rulebook,
        report=render_stage_report(record),
        rules_digest=record.rules_digest,
        made_by=f"dokja {__version__}",
        signer=SIGNER,
    )
    with zipfile.ZipFile(BUNDLES / f"{__version__}.zip", "x") as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    (BUNDLES / f"{__version__}.pub").write_text(SIGNER.verifier.pem)


if __name__ == "__main__":
    main()
