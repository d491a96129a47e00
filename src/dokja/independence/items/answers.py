"""What the team itself says to an item: `declared` at most."""

from __future__ import annotations

from dokja.evidence.values import CheckResult, Text
from dokja.independence.items.evidence import TeamEvidence
from dokja.independence.items.outcome import Found, missing, of_file
from dokja.independence.items.values import EvidenceKind
from dokja.independence.papers.read import DECLARATION
from dokja.independence.papers.values import DossierDeclaration


def answered(evidence: TeamEvidence, item: str) -> Found:
    """The team's answer; `not_run` without one, or where a file of it is not sealed."""
    answer = evidence.answer(item)
    sealed = {file.path: file.digest for file in evidence.seal.files}
    if answer is None or not (answer.text.ko.strip() or answer.text.en.strip()):
        return missing("팀이 답하지 않음", "The team gave no answer.")
    unsealed = sorted({*answer.files} - sealed.keys())
    if unsealed:
        names = ", ".join(unsealed)
        return missing(
            f"답변이 가리키는 파일이 봉인되지 않음: {names}",
            f"Files that the answer names were not sealed: {names}.",
        )
    ko, en = answer.text.ko.strip(), answer.text.en.strip()
    files = (DECLARATION, *answer.files)
    return Found(
        result=CheckResult.DECLARED,
        detail=Text(ko=f"팀의 답변: {ko or en}", en=f"The team says: {en or ko}"),
        evidence=tuple(
            of_file(path, sealed[path], EvidenceKind.TEAM_ANSWER)
            for path in files
            if path in sealed
        ),
    )


def declaration_of(evidence: TeamEvidence) -> DossierDeclaration | None:
    """What the team declared for its dossier, None where it handed nothing in."""
    return None if evidence.papers is None else evidence.papers.declaration
