"""Writes sealed folders into tests/compat/seals, once a release.

    python -m tests.compat.make_seal [MODEL_SIGNING]

`VERSION.zip` is sealed with both keys. Where the command of the reference tool is
given, `VERSION-reference.zip` has a `model.sig` that it made; without it, only the
first is written. What stands there is never written again: it must verify for ever.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from dokja import __version__
from tests.sealed_fixture import SealedFolder, sealed_folder

SEALS = Path(__file__).with_name("seals")


def main(tool: str | None) -> None:
    """Writes one folder or two, each with its public keys; refuses to overwrite."""
    with tempfile.TemporaryDirectory() as name:
        folder = sealed_folder(Path(name))
        _keep(folder, f"{__version__}.zip")
        if tool is not None:
            signature = folder.root / "model.sig"
            signature.unlink()
            key = folder.keys / "model.pem"
            command = [tool, "sign", "key", "--private_key", str(key)]
            subprocess.run(
                [*command, "--signature", str(signature), str(folder.root)], check=True
            )
            _keep(folder, f"{__version__}-reference.zip")


def _keep(folder: SealedFolder, name: str) -> None:
    files = {f"folder/{p.relative_to(folder.root)}": p for p in folder.root.rglob("*")}
    files |= {f"keys/{p.name}": p for p in folder.keys.glob("*.pub.pem")}
    with zipfile.ZipFile(SEALS / name, "x") as archive:
        for path, place in sorted(files.items()):
            if place.is_file():
                entry = zipfile.ZipInfo(path)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, place.read_bytes())


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
