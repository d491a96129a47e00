"""Checking a team's seal: what was signed, by whom, and whether it is still there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.statement import Envelope, SignatureVerifier, open_statement
from dokja.evidence.values import Check, CheckResult, Text
from dokja.submission.manifest import parse_manifest
from dokja.submission.seal import MANIFEST
from dokja.submission.team_seal.key_statements import TeamKeys, read_keys
from dokja.submission.team_seal.manifest_statement import (
    PAYLOAD_TYPE,
    read_manifest,
    sealed_files,
)
from dokja.submission.team_seal.model_signature import (
    model_problems,
    open_model_signature,
)
from dokja.submission.team_seal.ports import PublicKeys
from dokja.submission.team_seal.seal_folder import RecordAt, weights_of
from dokja.submission.team_seal.values import (
    MANIFEST_FILE,
    MODEL_SIGNATURE_FILE,
    ChangedFile,
    FileChange,
    SealStatement,
    SealVerification,
)
from dokja.submission.values import DigestedFile, SealedFile, SealTrust

SIGNATURE, KEYS, FILES, TENSORS, DECLARATION, MODEL, RECORDS = (
    f"seal-{number:02}" for number in range(1, 8)
)
SHOWN = 5
"""Files that a check names; all of them stand in `changed`."""


@dataclass(frozen=True, kw_only=True)
class GivenSeal:
    """A folder as it is now, and the seal that is said to be its own."""

    manifest: bytes
    model_signature: bytes | None
    inside: bool
    """Whether the seal lies in the folder itself."""
    found: Sequence[DigestedFile]
    declaration: Callable[[], str]
    """Reads the text of `submission.toml`."""
    record_at: RecordAt


@dataclass(frozen=True, kw_only=True)
class TrustedKeys:
    """Keys the reader trusts for a reason of their own."""

    team: SignatureVerifier | None = None
    model: SignatureVerifier | None = None
    """Of a `model.sig` whose key the team's statements do not name."""


def check_seal(
    given: GivenSeal, trusted: TrustedKeys, keys: PublicKeys
) -> SealVerification:
    """What holds of the seal; a folder that is not what was sealed is a verdict."""
    try:
        envelope, statement = read_manifest(given.manifest)
    except InvalidInput as error:
        return _unreadable(given, error)
    stated, key_check = _stated_keys(statement, keys)
    signature = _signature(envelope, stated, trusted.team)
    changed = changes(sealed_files(statement), _covered(given))
    checks = (
        signature,
        key_check,
        _files(changed, len(statement.subject)),
        _tensors(given, statement),
        _declaration(given, statement, changed),
        _model(given, stated, trusted.model),
        _records(given, statement),
    )
    predicate = statement.predicate
    signed = stated is not None and signature.result is not CheckResult.FAIL
    return SealVerification(
        trust=_trust(checks),
        team=predicate.declaration.team,
        stage=predicate.declaration.stage,
        manifest=digest_bytes(given.manifest),
        root=predicate.root,
        key_id=stated.current.key_id if signed and stated is not None else "",
        files=len(statement.subject),
        changed=changed,
        checks=checks,
    )


def changes(
    sealed: Sequence[SealedFile], found: Sequence[SealedFile]
) -> tuple[ChangedFile, ...]:
    """Every file that is missing, extra or changed, by path."""
    before = {file.path: file for file in sealed}
    after = {file.path: file for file in found}
    return tuple(
        ChangedFile(
            path=path,
            change=FileChange.MISSING
            if path not in after
            else FileChange.EXTRA
            if path not in before
            else FileChange.CHANGED,
        )
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    )


def _covered(given: GivenSeal) -> tuple[SealedFile, ...]:
    own = (MANIFEST_FILE, MODEL_SIGNATURE_FILE) if given.inside else ()
    return tuple(one.file for one in given.found if one.file.path not in own)


def _stated_keys(
    statement: SealStatement, keys: PublicKeys
) -> tuple[TeamKeys | None, Check]:
    try:
        stated = read_keys(statement.predicate.keys, keys)
    except InvalidInput as error:
        return None, _failed(
            KEYS, f"키 진술서가 맞지 않음: {error.fact}", f"{error.fact}."
        )
    if stated.team != statement.predicate.declaration.team:
        return None, _failed(
            KEYS,
            "키 진술서가 다른 팀의 것임",
            "The key statements are another team's.",
        )
    count = len(stated.ids)
    pair = stated.model is not None
    return stated, _passed(
        KEYS,
        f"진술서 {count}건이 이어지며 각 키가 서명함"
        + ("" if pair else " (model.sig 키 없음)"),
        f"Each key signed what names it; statements so far: {count}"
        + ("." if pair else "; the last names no key for model.sig."),
    )


def _signature(
    envelope: Envelope, stated: TeamKeys | None, trusted: SignatureVerifier | None
) -> Check:
    if stated is None:
        return _failed(
            SIGNATURE, "서명한 키를 알 수 없음", "There is no key to check it by."
        )
    signer = stated.current
    if open_statement(envelope, payload_type=PAYLOAD_TYPE, verifier=signer) is None:
        return _failed(
            SIGNATURE,
            f"진술서의 키 {signer.key_id}의 서명이 아님",
            f"{signer.key_id}, the stated key, did not sign the manifest.",
        )
    if trusted is None:
        return Check(
            id=SIGNATURE,
            result=CheckResult.INCONCLUSIVE,
            detail=Text(
                ko=f"{signer.key_id}의 서명이 맞으나 등록된 키와 대조하지 않음",
                en=f"Signed by {signer.key_id}, which nobody here registered.",
            ),
        )
    if trusted.key_id not in stated.ids:
        return _failed(
            SIGNATURE,
            f"등록된 키 {trusted.key_id}가 아니라 {signer.key_id}로 서명됨",
            f"Signed by {signer.key_id}, not by the registered {trusted.key_id}.",
        )
    return _passed(
        SIGNATURE,
        f"등록된 키에서 이어진 {signer.key_id}의 서명"
        if trusted.key_id != signer.key_id
        else "등록된 키의 서명",
        f"Signed by {signer.key_id}, which follows on the registered key."
        if trusted.key_id != signer.key_id
        else "Signed by the registered key.",
    )


def _files(changed: Sequence[ChangedFile], count: int) -> Check:
    if not changed:
        return _passed(
            FILES,
            f"파일 {count}개가 봉인된 그대로임",
            f"All {count} files are as sealed, and there is no other.",
        )
    shown = ", ".join(f"{c.path!a} ({c.change})" for c in changed[:SHOWN])
    more = len(changed) - SHOWN
    return _failed(
        FILES,
        f"봉인과 다른 파일 {len(changed)}개: {shown}"
        + (f" 외 {more}개" if more > 0 else ""),
        f"{len(changed)} files are not as sealed: {shown}"
        + (f" and {more} more" if more > 0 else ""),
    )


def _tensors(given: GivenSeal, statement: SealStatement) -> Check:
    sealed = {w.path: w.tensors for w in statement.predicate.weights}
    there = {w.path: w.tensors for w in weights_of(given.found)}
    wrong = sorted(
        path
        for path in sealed.keys() | there.keys()
        if sealed.get(path) != there.get(path)
    )
    if wrong:
        return _failed(
            TENSORS,
            f"텐서 목록이 파일과 다름: {wrong[0]!a} 등 {len(wrong)}개 파일",
            f"The tensors of {len(wrong)} files are not those listed, the first in "
            f"{wrong[0]!a}.",
        )
    count = sum(map(len, sealed.values()))
    return _passed(
        TENSORS,
        f"텐서 {count}개의 해시가 목록과 같음",
        f"All {count} tensors have the digests listed.",
    )


def _declaration(
    given: GivenSeal, statement: SealStatement, changed: Sequence[ChangedFile]
) -> Check:
    if any(one.path == MANIFEST for one in changed):
        return Check(
            id=DECLARATION,
            result=CheckResult.NOT_RUN,
            detail=Text(
                ko=f"{MANIFEST}이 봉인 뒤 바뀌어 대조하지 않음",
                en=f"{MANIFEST} is not as sealed.",
            ),
        )
    try:
        declared = parse_manifest(given.declaration(), where=MANIFEST)
    except InvalidInput as error:
        return _failed(DECLARATION, f"{error.fact}", f"{error.fact}.")
    if declared != statement.predicate.declaration:
        return _failed(
            DECLARATION,
            f"봉인에 적힌 신고 내용이 {MANIFEST}과 다름",
            f"What the seal declares is not what {MANIFEST} declares.",
        )
    return _passed(
        DECLARATION,
        f"구성 요소 {len(declared.components)}개의 신고 내용이 {MANIFEST}과 같음",
        f"{len(declared.components)} components are declared as in {MANIFEST}.",
    )


def _model(
    given: GivenSeal, stated: TeamKeys | None, trusted: SignatureVerifier | None
) -> Check:
    named = None if stated is None else stated.model
    if given.model_signature is None:
        if named is None:
            return Check(
                id=MODEL,
                result=CheckResult.NOT_APPLICABLE,
                detail=Text(ko="model.sig 없음", en="There is no model.sig."),
            )
        return _failed(
            MODEL,
            "키 진술서에 model.sig 키가 있으나 model.sig가 없음",
            "The key statements name a key for model.sig, and there is none.",
        )
    key = named or trusted
    if key is not None:
        return _signed_model(given.model_signature, given.found, key)
    return Check(
        id=MODEL,
        result=CheckResult.INCONCLUSIVE,
        detail=Text(
            ko="model.sig를 확인할 키를 알 수 없음",
            en="Nobody named the key of model.sig.",
        ),
    )


def _signed_model(
    data: bytes, found: Sequence[DigestedFile], key: SignatureVerifier
) -> Check:
    try:
        signed = open_model_signature(data, key)
    except InvalidInput as error:
        return _failed(MODEL, f"{error.fact}", f"{error.fact}.")
    if signed is None:
        return _failed(
            MODEL,
            f"{key.key_id}의 서명이 아님",
            f"{key.key_id} did not sign model.sig.",
        )
    problems = model_problems(signed, tuple(one.file for one in found))
    if problems:
        return Check(id=MODEL, result=CheckResult.FAIL, detail=problems[0])
    return _passed(
        MODEL,
        f"파일 {len(signed.resources)}개의 OMS 서명이 맞음",
        f"The OMS signature holds of {len(signed.resources)} files.",
    )


def _records(given: GivenSeal, statement: SealStatement) -> Check:
    training = statement.predicate.declaration.training
    declared = (training.records or ()) if training is not None else ()
    if not declared and not statement.predicate.records:
        return Check(
            id=RECORDS,
            result=CheckResult.NOT_APPLICABLE,
            detail=Text(
                ko="신고된 학습 기록 없음", en="No training record is declared."
            ),
        )
    paths = tuple(one.file.path for one in given.found)
    try:
        there = tuple(given.record_at(record, paths) for record in declared)
    except InvalidInput as error:
        return _failed(RECORDS, f"{error.fact}", f"{error.fact}.")
    if there != statement.predicate.records:
        return _failed(
            RECORDS,
            "학습 기록의 마지막 헤드가 봉인에 적힌 것과 다름",
            "The last heads of the training records are not those sealed.",
        )
    return _passed(
        RECORDS,
        f"학습 기록 {len(there)}건의 마지막 헤드가 같음",
        f"{len(there)} training records end with the heads sealed; whether the "
        "records hold is for `dokja training verify`.",
    )


def _trust(checks: Sequence[Check]) -> SealTrust:
    results = {check.result for check in checks}
    if CheckResult.FAIL in results:
        return SealTrust.FAILED
    if CheckResult.INCONCLUSIVE in results:
        return SealTrust.UNTRUSTED
    return SealTrust.VERIFIED


def _unreadable(given: GivenSeal, error: InvalidInput) -> SealVerification:
    not_run = Text(ko="봉인을 읽을 수 없음", en="The seal cannot be read.")
    return SealVerification(
        trust=SealTrust.FAILED,
        team="",
        stage="",
        manifest=digest_bytes(given.manifest),
        root="",
        key_id="",
        files=0,
        changed=(),
        checks=(
            _failed(SIGNATURE, error.fact, f"{error.fact}."),
            *(
                Check(id=check, result=CheckResult.NOT_RUN, detail=not_run)
                for check in (KEYS, FILES, TENSORS, DECLARATION, MODEL, RECORDS)
            ),
        ),
    )


def _passed(check: str, korean: str, english: str) -> Check:
    detail = Text(ko=korean, en=english)
    return Check(id=check, result=CheckResult.PASS, detail=detail)


def _failed(check: str, korean: str, english: str) -> Check:
    detail = Text(ko=korean, en=english)
    return Check(id=check, result=CheckResult.FAIL, detail=detail)
