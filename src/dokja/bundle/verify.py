"""Verifying a bundle: nothing in it is believed because it says so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from dokja.benchmark.results import adds_up, check_complete
from dokja.benchmark.suite import item_digest
from dokja.bundle.compare import differences
from dokja.bundle.values import (
    ACTS,
    CONTENTS,
    ENVELOPE,
    PAYLOAD_TYPE,
    RULEBOOK,
    SCHEMA,
    Contents,
    KeyOrigin,
    Trust,
    Verification,
)
from dokja.bundle.write import act_path, acts_root, table_of
from dokja.contest import published_problems, summarise_contest
from dokja.contest.published.published_contest import PublishedContest
from dokja.contest.published.published_limits import published_limits
from dokja.errors import DokjaError, InvalidInput
from dokja.evidence.canonical import canonical_bytes, read_as
from dokja.evidence.statement import Envelope, SignatureVerifier, open_statement
from dokja.evidence.values import Act, Check, CheckResult, Text
from dokja.programme import parse_rulebook, rules_digest, rules_in_force
from dokja.programme.freeze import FROZEN
from dokja.stage import derive_outcome, outcome_acts, read_evidence
from dokja.stage.acts import DERIVED, SEAL, digests_by_name
from dokja.stage.tasks import REFERENCE_PREFIX
from dokja.stage.values import StageEvidence

Measure = Callable[[StageEvidence], tuple[Check, ...]]


@dataclass(frozen=True, kw_only=True)
class TrustedKey:
    """The key a bundle is verified with; `verifier` None where there is none."""

    verifier: SignatureVerifier | None
    origin: KeyOrigin


def verify_bundle(
    files: Mapping[str, bytes], *, key: TrustedKey, measure: Measure | None
) -> Verification:
    """What holds of the bundle and what does not, file by file.

    `measure`, where given, measures the weights again. Raises: InvalidInput
    where the folder is no bundle at all.
    """
    for name in (CONTENTS, ENVELOPE):
        if name not in files:
            raise InvalidInput(
                f"no {name} in the folder", remedy="give the folder of a whole bundle"
            )
    try:
        contents = _contents(files)
        checks = [
            problem_check("B1-files", _file_problems(files, contents)),
            _signatureproblem_check(files, key),
        ]
    except InvalidInput as error:
        # Published bytes are JSON, so what cannot be read was altered.
        return _unreadable(error.fact, key)
    acts, problems = _acts(files, contents)
    checks.append(problem_check("B2-record", problems))
    evidence = None
    if not problems:
        evidence = _evidence(acts, checks)
    if evidence is not None:
        checks += _evidence_checks(files, acts, evidence)
        if measure is not None:
            checks += measure(evidence)
    return Verification(
        trust=_trust(checks, key),
        key_origin=key.origin,
        key_id=key.verifier.key_id if key.verifier else "",
        programme=contents.programme,
        stage=contents.stage,
        checks=tuple(checks),
    )


def _contents(files: Mapping[str, bytes]) -> Contents:
    contents = read_as(_json(files[CONTENTS], CONTENTS), Contents, where=CONTENTS)
    if contents.schema != SCHEMA:
        raise InvalidInput(
            f"{CONTENTS}: schema is {contents.schema!r}",
            remedy=f"this program reads {SCHEMA!r}; use the version that made it",
        )
    return contents


def _unreadable(fact: str, key: TrustedKey) -> Verification:
    return Verification(
        trust=Trust.FAILED,
        key_origin=key.origin,
        key_id=key.verifier.key_id if key.verifier else "",
        programme="",
        stage="",
        checks=(problem_check("B1-files", [("altered / 변경됨", fact)]),),
    )


def _file_problems(
    files: Mapping[str, bytes], contents: Contents
) -> Iterator[tuple[str, str]]:
    listed = {file.path: file for file in contents.files}
    found = {f.path: f for f in table_of(files) if f.path not in (CONTENTS, ENVELOPE)}
    for path in sorted(listed.keys() | found.keys()):
        if path not in found:
            yield path, "missing / 없음"
        elif path not in listed:
            yield path, "not listed / 목록에 없음"
        elif listed[path] != found[path]:
            yield path, "altered / 변경됨"
    if canonical_bytes(contents) != files[CONTENTS]:
        yield CONTENTS, "altered / 변경됨"


def _signatureproblem_check(files: Mapping[str, bytes], key: TrustedKey) -> Check:
    envelope = read_as(_json(files[ENVELOPE], ENVELOPE), Envelope, where=ENVELOPE)
    if key.verifier is None:
        return Check(
            id="B3-signature",
            result=CheckResult.NOT_RUN,
            detail=Text(
                ko="신뢰할 공개 키가 없음. 꾸러미 안의 키는 증거가 되지 못함",
                en="No key was given or pinned; a key inside a bundle proves nothing.",
            ),
        )
    problems = []
    try:
        signed = open_statement(
            envelope, payload_type=PAYLOAD_TYPE, verifier=key.verifier
        )
    except InvalidInput as error:
        return problem_check("B3-signature", [(ENVELOPE, error.fact)])
    if signed is None:
        problems.append((ENVELOPE, "not signed by this key / 이 키의 서명이 아님"))
    elif signed != files[CONTENTS]:
        problems.append((CONTENTS, "not what was signed / 서명된 내용과 다름"))
    # The hint and the encoding are outside the signature: a changed byte
    # there is harmless, and still not what was published.
    hints = {signature.keyid for signature in envelope.signatures}
    if canonical_bytes(envelope) != files[ENVELOPE] or hints != {key.verifier.key_id}:
        problems.append((ENVELOPE, "altered / 변경됨"))
    return problem_check("B3-signature", problems)


def _acts(
    files: Mapping[str, bytes], contents: Contents
) -> tuple[tuple[Act, ...], list[tuple[str, str]]]:
    acts, problems = [], []
    for number, path in enumerate(sorted(p for p in files if p.startswith(ACTS)), 1):
        try:
            act = read_as(_json(files[path], path), Act, where=path)
            canonical = canonical_bytes(act)
        except InvalidInput:
            problems.append((path, "cannot be read / 읽을 수 없음"))
            continue
        if canonical != files[path] or act_path(number, act) != path:
            problems.append((path, "not in canonical form or place / 정규형이 아님"))
        acts.append(act)
    if not problems and (len(acts), acts_root(acts)) != (
        contents.acts,
        contents.acts_root,
    ):
        problems.append((CONTENTS, "tree head differs / 기록의 머리 해시가 다름"))
    return tuple(acts), problems


def _evidence(acts: Sequence[Act], checks: list[Check]) -> StageEvidence | None:
    try:
        return read_evidence(acts)
    except DokjaError as error:
        checks.append(problem_check("B4-evidence", [("acts", error.fact)]))
        return None


def _evidence_checks(
    files: Mapping[str, bytes], acts: Sequence[Act], evidence: StageEvidence
) -> Iterator[Check]:
    yield problem_check("B4-evidence", _evidence_problems(acts, evidence))
    yield problem_check("B5-rules", _rules_problems(files, acts, evidence))
    yield problem_check("B6-derivation", _derivation_problems(acts, evidence))
    if evidence.contest is not msgspec.UNSET:
        yield _contest_check(evidence.contest)


def _evidence_problems(
    acts: Sequence[Act], evidence: StageEvidence
) -> Iterator[tuple[str, str]]:
    """Seals, runs and comparisons that do not fit each other."""
    roots = {seal.manifest.team: seal.root for seal in evidence.seals}
    roots |= {REFERENCE_PREFIX + r.model.id: r.root for r in evidence.references}
    asked = {
        (suite.header.id, item.id): (suite.header.scoring, item)
        for suite in evidence.suites
        for item in suite.items
    }
    for run in evidence.runs:
        name = f"benchmark_run/{run.subject}"
        if run.weights_root != roots.get(run.subject):
            yield name, "not of the sealed weights / 봉인된 가중치의 결과가 아님"
        try:
            check_complete(run, evidence.suites)
        except InvalidInput as error:
            yield name, error.fact
            continue
        for sample in run.samples:
            scoring, item = asked[sample.suite, sample.item]
            if sample.item_digest != item_digest(item) or not adds_up(
                scoring, item, sample
            ):
                yield name, f"item {sample.item} does not add up / 문항 결과 불일치"
    if roots.keys() != {run.subject for run in evidence.runs}:
        yield "benchmark_run", "a model has no run / 결과가 없는 모델이 있음"
    order = [act.kind for act in acts]
    if SEAL in order and order.index(FROZEN) > order.index(SEAL):
        yield FROZEN, "frozen after a seal / 봉인 후에 동결됨"


def _rules_problems(
    files: Mapping[str, bytes], acts: Sequence[Act], evidence: StageEvidence
) -> Iterator[tuple[str, str]]:
    in_force = rules_in_force(acts)
    if rules_digest(evidence.rulebook) != in_force:
        yield FROZEN, "rulebook and digest differ / 규정과 해시가 다름"
    try:
        published = parse_rulebook(
            files.get(RULEBOOK, b"").decode(errors="replace"), where=RULEBOOK
        )
    except InvalidInput as error:
        yield RULEBOOK, error.fact
        return
    if rules_digest(published) != in_force:
        yield RULEBOOK, "not the rules in force / 적용된 규정이 아님"


def _derivation_problems(
    acts: Sequence[Act], evidence: StageEvidence
) -> Iterator[tuple[str, str]]:
    tolerance = evidence.rulebook.tolerance
    assert tolerance is not None  # the freeze refuses a rulebook without one
    try:
        outcome = derive_outcome(evidence, digests=digests_by_name(acts))
    except (DokjaError, KeyError) as error:
        yield "acts", f"nothing can be derived: {error}"
        return
    derived = {
        (act.kind, act.subject): act for act in outcome_acts(evidence.plan, outcome)
    }
    recorded = {(act.kind, act.subject): act for act in acts if act.kind in DERIVED}
    # In the order of derivation, so that what is shown first is nearest the cause.
    names = derived.keys() | recorded.keys()
    for name in sorted(names, key=lambda each: (DERIVED.index(each[0]), each)):
        if name not in derived or name not in recorded:
            yield "/".join(name), "missing or extra / 없거나 남음"
            continue
        left = msgspec.to_builtins(recorded[name])
        right = json.loads(canonical_bytes(derived[name]))
        for place in differences(left, right, tolerance=tolerance):
            yield "/".join(name), place


def _contest_check(published: PublishedContest) -> Check:
    """Whether the contest's record agrees with its votes, and what cannot be told."""
    try:
        summary = summarise_contest(published)
        problems = list(published_problems(published, summary))
    except DokjaError as error:
        problems = [("contest", error.fact)]
    check = problem_check("B10-contest", problems)
    if problems:
        return check
    limits = tuple(published_limits(published))
    return msgspec.structs.replace(
        check,
        detail=Text(
            ko="비밀값, 해시, 수, 강도와 순위가 공개된 표와 맞음. "
            + " ".join(limit.ko for limit in limits),
            en="Secret, digests, counts and rating agree with the published votes. "
            + " ".join(limit.en for limit in limits),
        ),
    )


def _trust(checks: Sequence[Check], key: TrustedKey) -> Trust:
    if any(check.result is CheckResult.FAIL for check in checks):
        return Trust.FAILED
    if key.verifier is None:
        return Trust.UNTRUSTED
    if any(check.result is CheckResult.INCONCLUSIVE for check in checks):
        return Trust.INCONCLUSIVE
    return Trust.VERIFIED


def problem_check(check_id: str, problems: Iterable[tuple[str, str]]) -> Check:
    """A check that passes if there is no (place, problem), and names those."""
    found = [f"{name}: {problem}" for name, problem in problems]
    if not found:
        detail = Text(ko="이상 없음", en="Holds.")
        return Check(id=check_id, result=CheckResult.PASS, detail=detail)
    shown = "; ".join(found[:5]) + (f"; +{len(found) - 5}" if len(found) > 5 else "")
    return Check(id=check_id, result=CheckResult.FAIL, detail=Text(ko=shown, en=shown))


def _json(data: bytes, where: str) -> object:
    try:
        return json.loads(data)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"{where} is not JSON: {error}", remedy="fetch the bundle again"
        ) from error
