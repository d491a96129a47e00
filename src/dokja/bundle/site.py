"""The site of a bundle: what is published, read once and put on pages."""

from __future__ import annotations

import json
from collections.abc import Mapping

from dokja.bundle.values import (
    ACTS,
    CONTENTS,
    ENVELOPE,
    PAYLOAD_TYPE,
    REPORT,
    Contents,
    Trust,
)
from dokja.bundle.verify import TrustedKey, verify_bundle
from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_bytes, read_as
from dokja.evidence.values import Act, CheckResult
from dokja.report.site import Publication, PublishedAct
from dokja.stage.acts import read_evidence, read_outcome
from dokja.stage.values import StageRecord


def read_publication(
    files: Mapping[str, bytes], *, key: TrustedKey, public_key: str, contact: str = ""
) -> Publication:
    """What a bundle publishes, with an empty log of corrections.

    `public_key` is the PEM text of the same key, empty where there is none.
    Raises: InvalidInput where the bundle does not verify: no page is made of
    what does not follow from the record.
    """
    found = verify_bundle(files, key=key, measure=None)
    if found.trust is Trust.FAILED:
        failed = [c for c in found.checks if c.result is CheckResult.FAIL]
        raise InvalidInput(
            f"the bundle does not verify: {failed[0].id}: {failed[0].detail.en}",
            remedy="fetch the bundle again, or ask who published it",
        )
    published = tuple(
        PublishedAct(path=path, digest=digest_bytes(data), act=_act(path, data))
        for path, data in sorted(files.items())
        if path.startswith(ACTS)
    )
    acts = [each.act for each in published]
    contents = read_as(json.loads(files[CONTENTS]), Contents, where=CONTENTS)
    return Publication(
        record=StageRecord(
            rules_digest=contents.rules_digest,
            evidence=read_evidence(acts),
            outcome=read_outcome(acts),
        ),
        acts=published,
        files=files,
        contents=CONTENTS,
        envelope=ENVELOPE,
        payload_type=PAYLOAD_TYPE,
        report=REPORT,
        acts_folder=ACTS,
        public_key=public_key,
        contact=contact,
    )


def _act(path: str, data: bytes) -> Act:
    return read_as(json.loads(data), Act, where=path)
