"""The example's rules with indices and a target, and what they are made from."""

from __future__ import annotations

from tests.programme_simulator import TEAMS, SimulatedStage
from tests.rulebooks import changed

INDEX_RULES = """
[index_rules]
version = "test-1"

[[index_rules.frontier.categories]]
id = "korean"
name = { ko = "한국어", en = "Korean" }
weight = 0.6
benchmarks = ["s-nia"]

[[index_rules.frontier.categories]]
id = "general"
name = { ko = "일반", en = "General" }
weight = 0.3
benchmarks = ["s-common"]

[[index_rules.frontier.categories]]
id = "chosen"
name = { ko = "팀 선택", en = "Chosen by teams" }
weight = 0.1
benchmarks = ["s-own"]
team_chosen = true

[index_rules.diffusion]
reference = "r1"
device = "gpu-a"
quality_floor = 0.5
openness = { "Apache-2.0" = 1 }

[[index_rules.diffusion.parts]]
id = "speed"
name = { ko = "처리량", en = "Throughput" }
measure = "throughput"
weight = 0.4
times_at_zero = 0.1
times_at_full = 10

[[index_rules.diffusion.parts]]
id = "open"
name = { ko = "개방성", en = "Openness" }
measure = "openness"
scale = "share"
weight = 0.2

[[index_rules.diffusion.parts]]
id = "experts"
name = { ko = "전문가", en = "Experts" }
measure = "expert_share"
scale = "share"
weight = 0.4
"""
REFERENCE_SET = """
[[reference_sets]]
stage = "stage-1"
cut_off = "2026-02-28"
picked_by = "office"
benchmarks = ["s-nia", "s-common"]
admits = ["sourced_release", "official_run", "no_competitor"]
open_licences = ["Apache-2.0"]
"""
CANDIDATES = (
    "synthetic = true\n"
    'note = { ko = "후보 목록은 지어낸 것", en = "The list is made up." }\n'
    + "".join(f'[[teams]]\nteam = "{t}"\nmaker = "maker-{t}"\n' for t in TEAMS)
    + """
[[candidates]]
model = "r1"
maker = "elsewhere"
released = "2026-01-10"
source = "release page"
nominated_by = "office"
licence = "Apache-2.0"

[[candidates]]
model = "later"
maker = "elsewhere"
released = "2026-03-01"
source = "release page"
nominated_by = "office"
"""
)
LICENSED = ("t1", "t2", "t3", "t4", "r1")
"""Nobody recorded anything of t5."""
FIGURES = (
    "synthetic = true\n"
    'note = { ko = "수치는 지어낸 것", en = "The figures are made up." }\n'
    + "".join(
        f'[[figures]]\nmodel = "{model}"\nsource = "made for a test"\n'
        'licence = "Apache-2.0"\n[[figures.throughput]]\nconfiguration = "fp8"\n'
        f'device = "gpu-a"\ndevices = 1\nquality = 0.6\n'
        f"tokens_per_second = [{speed}, {speed + 3}, {speed - 2}]\n"
        for model, speed in zip(LICENSED, (90, 120, 150, 60, 100), strict=True)
    )
)
ALL_RULES = (
    changed(
        'shown_views = ["best_open"]',
        'shown_views = ["declared_target", "best_open", "best_overall"]',
    )
    + INDEX_RULES
    + REFERENCE_SET
)


def indexed_stage() -> SimulatedStage:
    """The simulated stage under rules that ask for every index and a target."""
    stage = SimulatedStage()
    stage.rulebook = ALL_RULES
    stage.candidates, stage.figures = CANDIDATES, FIGURES
    return stage
