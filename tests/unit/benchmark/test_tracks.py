"""What a model was built with is held against what it is measured with."""

from __future__ import annotations

import msgspec
import pytest

from dokja.benchmark import uncovered_tracks
from dokja.benchmark.generated import generated_headers
from dokja.benchmark.values import Track
from dokja.submission.values import ComponentKind, DeclaredComponent, WeightState

TEXT = generated_headers()[0]
K = ComponentKind


def _component(kind: ComponentKind) -> DeclaredComponent:
    return DeclaredComponent(
        kind=kind,
        path=kind.value,
        weight_state=WeightState.INITIALISED,
        origin="own",
        licence="Apache-2.0",
    )


OMNI = [
    _component(kind)
    for kind in (K.PROJECTOR, K.AUDIO_ENCODER, K.TEXT_DECODER, K.VISION_ENCODER)
]


@pytest.mark.parametrize(
    ("tracks", "uncovered"),
    [
        ((), (Track.TEXT, Track.IMAGE, Track.AUDIO)),
        ((Track.TEXT,), (Track.IMAGE, Track.AUDIO)),
        ((Track.TEXT, Track.IMAGE), (Track.AUDIO,)),
        ((Track.TEXT, Track.VIDEO, Track.AUDIO), ()),
        ((Track.AUDIO,), (Track.TEXT, Track.IMAGE)),
    ],
)
def test_an_omni_model_needs_suites_of_every_track(
    tracks: tuple[Track, ...], uncovered: tuple[Track, ...]
) -> None:
    """Text alone leaves its pictures and sounds unmeasured."""
    suites = [msgspec.structs.replace(TEXT, track=track) for track in tracks]
    found = uncovered_tracks(OMNI, suites)
    assert tuple(one.track for one in found) == uncovered
    for one in found:
        assert one.reason.ko != one.reason.en
        assert all("encoder" in kind or "decoder" in kind for kind in one.components)


def test_a_text_model_needs_text_alone() -> None:
    """A projector or embeddings take in nothing of their own."""
    kinds = (K.TEXT_DECODER, K.EMBEDDINGS, K.PROJECTOR)
    assert uncovered_tracks(map(_component, kinds), [TEXT]) == ()
    assert uncovered_tracks([], []) == ()
