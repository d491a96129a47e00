"""What a team declares for its dossier is read within bounds, or refused."""

from __future__ import annotations

import json
import re

import pytest

from dokja.errors import InvalidInput
from dokja.independence.papers.read import parse_declaration, read_papers
from dokja.submission import seal_submission
from dokja.wiring.licence_tables import shipped_tables
from tests.programme_simulator import SimulatedStage
from tests.unit.house.repository import DOCS

GUIDE = (DOCS / "guides" / "team.md").read_text(encoding="utf-8")
SHOWN = next(
    block
    for block in re.findall(r"```toml\n(.*?)```", GUIDE, flags=re.DOTALL)
    if "dokja-dossier/1" in block
)


def test_the_guide_s_example_is_one() -> None:
    """What a team copies from the guide is read as it stands."""
    found = parse_declaration(SHOWN, where="dossier.toml")
    assert found.tokenizer is not None
    assert found.tokenizer.is_trained
    assert found.answers[0].files == ("sites.pdf",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        'schema = "dokja-dossier/2"',
        "schema = ",
        'schema = "dokja-dossier/1"\nindependent = true',
        'schema = "dokja-dossier/1"\n'
        + '[[answers]]\nitem = "a"\ntext = { ko = "", en = "" }\n' * 2,
    ],
)
def test_another_form_is_refused(text: str) -> None:
    """An unknown key or a second answer would silently count for nothing."""
    with pytest.raises(InvalidInput):
        parse_declaration(text, where="dossier.toml")


def test_papers_hold_licences_sources_terms_and_code() -> None:
    """Everything comes from the sealed folder, and names its root."""
    folder = SimulatedStage().folders["t1"]
    sources = [{"id": "made", "spdx": "MIT", "kind": "synthetic", "tokens": 5}]
    folder.texts |= {
        "training/d": json.dumps({"sources": sources}),
        "dossier.toml": 'schema = "dokja-dossier/1"\n[[generators]]\n'
        'source = "made"\nname = "a model"\nlicence = "LicenseRef-llama3.1"\n',
        "text_decoder/config.json": json.dumps({"auto_map": {"AutoModel": "m.M"}}),
        "text_decoder/m.py": "",
    }
    seal = seal_submission(
        folder,
        team="t1",
        stage="stage-1",
        rules_digest="",
        on_component=lambda _: None,
    )
    found = read_papers(seal, folder, shipped_tables())
    assert found.root == seal.root
    assert found.code == ("text_decoder/config.json", "text_decoder/m.py")
    assert [one.source.id for one in found.sources] == ["made"]
    assert found.generators[0].limits
    folder.texts["text_decoder/config.json"] = "{"
    with pytest.raises(InvalidInput):
        read_papers(seal, folder, shipped_tables())
