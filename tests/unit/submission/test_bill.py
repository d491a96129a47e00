"""One bill, several exports: each valid by another's rules, none invents a fact."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import mlcroissant
import pytest
from cyclonedx import schema as cyclonedx_schema
from referencing import Registry, Resource
from spdx_python_model import v3_0_1 as spdx

from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from dokja.submission.bom import (
    BillOfMaterials,
    croissant_of,
    cyclonedx_of,
    notice_of,
    notice_page,
    read_data_manifest,
    spdx_of,
    summary_of,
    summary_page,
)
from dokja.submission.bom.cyclonedx import uuid_of
from dokja.submission.bom.values import DeclaredSource
from dokja.submission.values import ComponentKind, WeightState
from tests.licence_fixture import COMPONENTS, CREATED, TABLES, MadeUpTeam, part

SCHEMAS = Path(cyclonedx_schema.__file__).parent / "_res"
HOSTILE = 'a|b\n# [x](javascript:1) <script>"\\ 가나 \u202e'


def hostile_team() -> MadeUpTeam:
    """A team whose every free text is meant to break a document."""
    return MadeUpTeam(
        licence=HOSTILE,
        model=HOSTILE,
        components=(
            part(
                ComponentKind.PROJECTOR, HOSTILE, WeightState.INHERITED_FROZEN, HOSTILE
            ),
        ),
        sources=(
            DeclaredSource(
                id=HOSTILE,
                version=HOSTILE,
                spdx=HOSTILE,
                sha256=HOSTILE,
                name=HOSTILE,
                url="javascript:1",
                language=HOSTILE,
                modality=HOSTILE,
            ),
        ),
    )


TEAMS = {
    "inherited": MadeUpTeam(),
    "own": MadeUpTeam(components=COMPONENTS[:1]),
    "says nothing": MadeUpTeam(
        licence="",
        components=(part(ComponentKind.EMBEDDINGS, "", WeightState.INHERITED_FROZEN),),
        sources=(),
        training=False,
    ),
    "hostile": hostile_team(),
}


@pytest.fixture(params=TEAMS)
def bill(request: pytest.FixtureRequest) -> BillOfMaterials:
    """The bill of each of the teams in turn."""
    return TEAMS[request.param].bill()


def _plain(document: object) -> Any:
    return json.loads(canonical_bytes(document))


def _cyclonedx_errors(document: Any) -> list[str]:
    """What the schema of CycloneDX 1.6 says against the document."""
    held = {
        f"http://cyclonedx.org/schema/{name}.schema.json": json.loads(
            (SCHEMAS / f"{name}.SNAPSHOT.schema.json").read_text(encoding="utf-8")
        )
        for name in ("bom-1.6", "spdx", "jsf-0.82", "cryptography-defs")
    }
    registry: Registry[Any] = Registry().with_resources(
        (uri.replace(".schema", f"{infix}.schema"), Resource.from_contents(text))
        for uri, text in held.items()
        for infix in ("", ".SNAPSHOT")
    )
    schema = held["http://cyclonedx.org/schema/bom-1.6.schema.json"]
    validator = jsonschema.Draft7Validator(schema, registry=registry)
    return [f"{e.json_path}: {e.message}" for e in validator.iter_errors(document)]


def test_cyclonedx_keeps_its_schema(bill: BillOfMaterials) -> None:
    """Checked by the schema that travels with cyclonedx-python-lib."""
    document = _plain(cyclonedx_of(bill, made_by="0", created=CREATED))
    assert _cyclonedx_errors(document) == []
    refs = re.findall(r'"bom-ref": "((?:[^"\\]|\\.)*)"', json.dumps(document))
    assert len(refs) == len(set(refs))


def test_the_schema_would_notice() -> None:
    """The control: a document with one wrong word is refused."""
    document = _plain(cyclonedx_of(MadeUpTeam().bill(), made_by="0", created=None))
    document["components"][0]["type"] = "brain"
    assert _cyclonedx_errors(document) != []


def test_cyclonedx_bears_no_time_that_nobody_gave() -> None:
    """The same submission gives the same bytes, whenever it is asked."""
    document = cyclonedx_of(MadeUpTeam().bill(), made_by="0", created=None)
    assert "timestamp" not in document["metadata"]
    again = cyclonedx_of(MadeUpTeam().bill(), made_by="0", created=None)
    assert canonical_bytes(document) == canonical_bytes(again)


def test_the_serial_number_follows_the_seal() -> None:
    """RFC 9562: version 8, the variant of the RFC, and no two seals alike."""
    one, two = uuid_of("sha256:" + "f" * 64), uuid_of("sha256:" + "0" * 64)
    for number in (one, two):
        assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab].*", number)
    assert one != two


def _spdx_objects(document: Any) -> Any:
    found = spdx.SHACLObjectSet()
    spdx.JSONLDDeserializer().deserialize_data(document, found)
    return found


def test_spdx_is_read_by_its_own_model(bill: BillOfMaterials) -> None:
    """Types and properties by bindings made from the published model of 3.0.1."""
    found = _spdx_objects(_plain(spdx_of(bill, made_by="0", created=CREATED)))
    packages = list(found.foreach_type(spdx.ai_AIPackage))
    assert len(packages) == 1 + len(bill.components)
    assert len(list(found.foreach_type(spdx.dataset_DatasetPackage))) == len(
        bill.sources
    )
    assert found.missing_ids == set()
    (document,) = found.foreach_type(spdx.SpdxDocument)
    (root,) = document.rootElement
    assert root.name == bill.model


def test_spdx_names_what_it_was_trained_on() -> None:
    """The relation of the AI profile, from the model to each source."""
    found = _spdx_objects(
        _plain(spdx_of(MadeUpTeam().bill(), made_by="0", created=CREATED))
    )
    (trained,) = (
        one
        for one in found.foreach_type(spdx.Relationship)
        if one.relationshipType == spdx.RelationshipType.trainedOn
    )
    assert [one.name for one in trained.to] == ["wiki", "forum", "letters"]


def test_spdx_model_would_notice() -> None:
    """The control: a property that the class does not have is refused."""
    document = _plain(spdx_of(MadeUpTeam().bill(), made_by="0", created=CREATED))
    package = next(e for e in document["@graph"] if e["type"] == "ai_AIPackage")
    package["software_primaryPurpose"] = "brain"
    with pytest.raises(ValueError, match="brain"):
        _spdx_objects(document)


@pytest.mark.parametrize("created", [None, "", "2026-01-31", "yesterday"])
def test_spdx_asks_for_the_time_it_was_made(created: str | None) -> None:
    """It is required there, and a clock would change the bytes."""
    with pytest.raises(InvalidInput, match="when the document was made"):
        spdx_of(MadeUpTeam().bill(), made_by="0", created=created)


@pytest.mark.parametrize("name", ["inherited", "hostile"])
def test_croissant_is_read_by_mlcroissant(name: str, tmp_path: Path) -> None:
    """Its sources come out as records; sets without a column have none."""
    team = TEAMS[name]
    document = _plain(croissant_of(team.bill(), created=CREATED))
    (tmp_path / "training").mkdir()
    written = {"sources": [{"id": one.id} for one in team.sources]}
    (tmp_path / "training" / "data.json").write_text(json.dumps(written))
    held = (tmp_path / "training" / "data.json").read_bytes()
    document["distribution"][0]["sha256"] = hashlib.sha256(held).hexdigest()
    (tmp_path / "croissant.json").write_text(json.dumps(document))
    found = mlcroissant.Dataset(jsonld=tmp_path / "croissant.json")
    assert found.metadata.ctx.issues.errors == set()
    if name == "inherited":
        records = list(found.records("sources"))
        assert [one["sources/id"].decode() for one in records] == [
            "wiki",
            "forum",
            "letters",
        ]


def test_croissant_without_data_is_refused() -> None:
    """There is nothing to describe, and an empty dataset would claim otherwise."""
    with pytest.raises(InvalidInput, match="declares no training data"):
        croissant_of(TEAMS["says nothing"].bill(), created=None)


def test_the_summary_says_what_nobody_declared() -> None:
    """Every question of the template is there; an empty one is not filled."""
    summary = summary_of(MadeUpTeam().bill())
    sections = {cell.section for cell in summary.cells}
    assert {"1.1", "1.2", "1.3", "2.1", "2.6", "3.1", "3.2"} <= sections
    contact = next(c for c in summary.cells if "Contact" in c.question.en)
    assert contact.answer is None
    size = next(c for c in summary.cells if "Size" in c.question.en)
    assert size.answer is not None
    assert size.answer.en == "4,000 tokens (2 declare theirs, 1 do not)"
    korean = summary_page(summary, lang="ko")
    assert korean.count("신고되지 않음") > 5
    assert "not declared" not in korean


def test_a_hostile_team_cannot_draw_on_the_summary() -> None:
    """Its words stay words: every row has three cells, and no link."""
    page = summary_page(summary_of(hostile_team().bill()), lang="en")
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {4}
    assert re.search(r"(?<!\\)[<\[]", page) is None


def test_a_notice_names_duties_and_where_they_stand() -> None:
    """It quotes no licence: it says what to do and in which section."""
    team = MadeUpTeam()
    page = notice_page(notice_of(team.bill(), team.report(), TABLES), lang="en")
    assert "show the phrase “Built with Llama”" in page
    assert "https://github.com/meta-llama/llama-models" in page
    own = TEAMS["own"]
    empty = notice_page(notice_of(own.bill(), own.report(), TABLES), lang="ko")
    assert "물려받은 구성요소가 신고되지 않았습니다." in empty


def test_a_hostile_team_cannot_draw_on_a_notice() -> None:
    """No line starts with its words, and nothing reaches the terminal raw."""
    team = hostile_team()
    page = notice_page(notice_of(team.bill(), team.report(), TABLES), lang="en")
    assert all(c.isprintable() or c == "\n" for c in page)
    assert not any(line.startswith("# [x]") for line in page.splitlines())
    assert "U+202E" in page


def test_what_is_missing_is_listed() -> None:
    """Absent facts are named one by one, with what they are of."""
    missing = {(m.subject, m.fact) for m in TEAMS["says nothing"].bill().missing}
    assert {
        ("model", "licence"),
        ("embeddings", "licence"),
        ("embeddings", "origin"),
        ("training", "data"),
    } <= missing
    declared = {(m.subject, m.fact) for m in MadeUpTeam().bill().missing}
    assert ("data:wiki", "kind") not in declared
    assert ("data:letters", "licence") in declared


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('{"sources": 3}', "sources"),
        ('{"sources": [{"id": "a"}, {"id": "a"}]}', "declares a source twice"),
        ('{"sources": [{"id": "a", "kind": "brain"}]}', "kind"),
    ],
)
def test_a_damaged_data_manifest_is_refused(text: str, fact: str) -> None:
    """The team reads what is wrong and where."""
    with pytest.raises(InvalidInput) as caught:
        read_data_manifest(text, where="training/data.json")
    assert fact in caught.value.fact


def test_other_keys_of_a_data_manifest_are_let_pass() -> None:
    """A recorder writes more than a bill needs."""
    (source,) = read_data_manifest(
        '{"run": 1, "sources": [{"id": "a", "shards": []}]}', where="d"
    )
    assert source == DeclaredSource(id="a")
