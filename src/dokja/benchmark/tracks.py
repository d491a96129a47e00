"""Which of a model's modalities no suite measures.

An omni model is not judged by a text yardstick alone: what it was built with
and what it is measured with are held against each other before the freeze.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dokja.benchmark.values import SuiteHeader, Track, UncoveredTrack
from dokja.evidence.values import Text
from dokja.submission.values import ComponentKind, DeclaredComponent

TRACKS: Mapping[ComponentKind, Track] = {
    ComponentKind.TEXT_DECODER: Track.TEXT,
    ComponentKind.TEXT_ENCODER: Track.TEXT,
    ComponentKind.VISION_ENCODER: Track.IMAGE,
    ComponentKind.AUDIO_ENCODER: Track.AUDIO,
}
"""What a component takes in; a projector and embeddings take in nothing of their own.

No component tells pictures from films: a film is a row of pictures to a vision
encoder, so a suite of either kind measures it.
"""
_MEASURED_BY: Mapping[Track, frozenset[Track]] = {
    Track.IMAGE: frozenset({Track.IMAGE, Track.VIDEO}),
}
_NAMES: Mapping[Track, Text] = {
    Track.TEXT: Text(ko="글", en="text"),
    Track.IMAGE: Text(ko="이미지", en="pictures"),
    Track.AUDIO: Text(ko="음성", en="sound"),
    Track.VIDEO: Text(ko="영상", en="films"),
}


def uncovered_tracks(
    components: Iterable[DeclaredComponent], suites: Iterable[SuiteHeader]
) -> tuple[UncoveredTrack, ...]:
    """Tracks that the declared components take in and no suite measures, in order."""
    measured = {suite.track for suite in suites}
    found: dict[Track, list[str]] = {}
    for component in components:
        track = TRACKS.get(component.kind)
        if track is not None and not measured & _MEASURED_BY.get(
            track, frozenset({track})
        ):
            found.setdefault(track, []).append(component.kind.value)
    return tuple(
        UncoveredTrack(track=track, components=tuple(found[track]), reason=_why(track))
        for track in Track
        if track in found
    )


def _why(track: Track) -> Text:
    name = _NAMES[track]
    return Text(
        ko=f"신고한 구성 요소는 {name.ko} 입력을 받으나 이를 재는 평가 묶음이 없다. "
        "다른 양식의 점수만으로 이 모델을 판단하지 않는다.",
        en=f"A declared component takes in {name.en}, and no suite measures that. The "
        "model is not to be judged by its other modalities alone.",
    )
