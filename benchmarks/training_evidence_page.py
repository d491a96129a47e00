"""Makes docs/training-evidence.md of what benchmarks.training_evidence measured.

.venv/bin/python -m benchmarks.training_evidence_page
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.training_evidence import read
from dokja.training.verify import HARD, IDS
from tests.twins.catalogue import CATALOGUE
from tests.twins.mutation import Hand
from tests.twins.variations import VARIATIONS

PAGE = Path(__file__).parents[1] / "docs" / "training-evidence.md"
MARKS = {"pass": "·", "fail": "**F**", "inconclusive": "?", "not_run": "-"}
Line = Mapping[str, Any]

WHY = {
    "a second pass over data seen once": "the manifest does not say how often data may "
    "be read; V13 prints how often it was, and V12 grows unsure",
    "generator states of another run": "this run draws nothing while it trains, so "
    "nothing follows from the states; with dropout replay ends elsewhere",
    "generator states told otherwise": "an evaluation between a step and its "
    "checkpoint draws numbers too, so a difference would say nothing; what training "
    "drew replay draws again",
    "a hundredfold decay named": "the bound of V7 becomes wider than the program's own "
    "decay makes it; replay uses the program's and cannot notice",
}
"""What is known of twins that the named check does not find."""

HEAD = """# Training evidence: forged twins and honest variations

What the checks of `dokja training verify` and `dokja training replay` say of records
that somebody forged, and of honest runs that look unusual. This page is made by a run
of `benchmarks/training_evidence.py`; nothing on it is typed by hand but the reasons
for what is missed. Guide: [guides/training.md](guides/training.md).

## In short
"""

HOW = """
## How it was measured

- A small GPT of 119,552 parameters is really trained for 200 steps (11 kept states)
  by `tests/trained_run.py` and recorded with its materials. Its record is then dated
  as if a step took a minute, cosigned by a witness, and challenged once.
- Each twin is that record with one lie (`tests/twins`). **Outsider**: files changed
  by somebody without keys. **Team, afterwards**: signed anew with the team's key; the
  witness cosigns nothing and keeps the heads it saw. **Team, live**: the lie was told
  as training went on, so heads, hashes, sketches, lists and states all agree with it
  and the witness cosigned it; where a liar would train on other weights or data, the
  twin was trained so.
- Every twin names the check that has to find it and what that check has to say: fail,
  or no more than inconclusive where an honest accident looks the same. It counts as
  found only if *that* check says so.
- Replay runs in the auditor's process and remembers what it has trained already, which
  changes no result. All segments are replayed, so what is found here is found for
  certain; with fewer segments V11 says how likely a forged one is drawn.
- Honest variations are runs of 60 steps, verified in the same way. An alarm is a hard
  check that fails.
- Small models, briefly trained, on processors: read the figures as whether a check
  works, not as error rates on models in use. Nothing was measured on a GPU.

```
python -m benchmarks.training_evidence WORK
python -m benchmarks.training_evidence_page
```
"""


def main() -> None:
    """Nothing; the page is written."""
    known = read()
    twins = [known["twin", m.name] for m in CATALOGUE]
    honest = [known["variation", f"{v.family}: {v.name}"] for v in VARIATIONS]
    base, machine = known["base", "honest"], known["machine", "machine"]
    parts = [HEAD, *_in_short(twins, honest, base), HOW, _where(machine)]
    parts += [_missed(twins), *_forged(twins, base), *_variations(honest)]
    PAGE.write_text("\n".join(parts).rstrip() + "\n")


def _in_short(
    twins: Sequence[Line], honest: Sequence[Line], base: Line
) -> Iterable[str]:
    found = sum(line["is_caught"] for line in twins)
    open_ = sum(line["says"] != "fail" and line["is_caught"] for line in twins)
    e3 = sum(line["tier"] in ("E3", "E4") for line in twins)
    alarms = [line for line in honest if _alarms(line)]
    bound = 1 - 0.05 ** (1 / len(honest))
    yield (
        f"- **{found} of {len(twins)} forged twins are found by the check that is "
        f"there for them** ({open_} of them by `inconclusive`, where an accident looks "
        f"the same). {len(twins) - found} are missed by it, and listed below."
    )
    yield (
        f"- The honest run reaches tier {base['tier']}; "
        f"{e3} of {len(twins)} twins reach E3."
    )
    yield (
        f"- **{len(alarms)} of {len(honest)} honest variations raise an alarm**"
        + (
            f"; were the true rate above {bound:.1%}, none in {len(honest)} would be "
            "seen in fewer than one of twenty such runs (exact binomial bound)."
            if not alarms
            else f": {', '.join(line['name'] for line in alarms)}."
        )
    )


def _where(machine: Line) -> str:
    return (
        f"Measured {machine['date']} on {machine['machine']}; {machine['versions']}.\n"
        "Other work shared the machine; no time stands on this page."
    )


def _missed(twins: Sequence[Line]) -> str:
    rows = []
    for line in twins:
        if line["is_caught"]:
            continue
        others = [c for c in IDS if line["after"].get(c) == "fail"]
        rows.append(
            (
                line["name"],
                line["check"],
                ", ".join(others) or "none",
                line["tier"],
                WHY.get(line["name"], "not looked into yet"),
            )
        )
    if not rows:
        return "\n## Missed\n\nNothing on this list.\n"
    heads = ("twin", "not found by", "checks that fail", "tier", "why")
    return f"\n## Missed by the check that is there for it\n\n{_table(heads, rows)}\n"


def _forged(twins: Sequence[Line], base: Line) -> Iterable[str]:
    yield "\n## Mutations and checks\n"
    yield (
        "**F** fail, ? inconclusive, - not run, · pass; only where it differs from the "
        "honest record, whose row comes first. *Named* is the check that has to find "
        "the twin.\n"
    )
    heads = ("twin", "named", "found", *IDS, "tier")
    honest = [MARKS[base["after"][check]] for check in IDS]
    for hand in Hand:
        rows = [("(the honest record)", "", "", *honest, base["tier"])]
        mine = [line for line in twins if line["hand"] == hand.value]
        rows += [_row(line, base) for line in mine]
        yield f"\n### {hand.value[0].upper()}{hand.value[1:]} ({len(mine)})\n"
        yield _table(heads, rows)


def _row(line: Line, base: Line) -> tuple[str, ...]:
    found = "yes" if line["is_caught"] else "**no**"
    marks = [
        "" if line["after"].get(c) == base["after"][c] else _mark(line["after"], c)
        for c in IDS
    ]
    return (line["name"], line["check"], found, *marks, line["tier"])


def _mark(after: Mapping[str, str], check: str) -> str:
    """The mark of a check; a record that was refused has none."""
    return MARKS.get(after.get(check, ""), "")


def _variations(honest: Sequence[Line]) -> Iterable[str]:
    yield "\n## Honest variations\n"
    families = Counter(line["family"] for line in honest)
    rows = []
    for family, count in families.items():
        mine = [line for line in honest if line["family"] == family]
        said = Counter(
            (check, line["after"][check])
            for line in mine
            for check in IDS
            if line["after"][check] in ("fail", "inconclusive")
        )
        rows.append(
            (
                family,
                str(count),
                str(sum(bool(_alarms(line)) for line in mine)),
                _counted(said, "fail"),
                _counted(said, "inconclusive"),
                ", ".join(sorted({line["tier"] for line in mine})),
            )
        )
    heads = ("family", "n", "alarms", "soft checks that fail", "inconclusive", "tiers")
    yield _table(heads, rows)
    yield "\nEvery variation with what is not a pass:\n"
    each = []
    for line in honest:
        told = [f"{c} {r}" for c, r in line["after"].items() if r != "pass"]
        each.append((line["name"], ", ".join(told) or "all pass", line["tier"]))
    yield _table(("variation", "not a pass", "tier"), each)


def _alarms(line: Line) -> list[str]:
    return [check for check in IDS if check in HARD and line["after"][check] == "fail"]


def _counted(said: Counter[tuple[str, str]], result: str) -> str:
    found = [f"{c} {said[c, result]}" for c in IDS if said[c, result]]
    return ", ".join(found) or "none"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    main()
