"""A call on the screen: acts as they are kept, and the whole of it."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter

from msgspec.inspect import StructType, type_info
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dokja.call import values as call
from dokja.call.agreements import values as agreement
from dokja.call.applications import values as application
from dokja.call.event_words import EVENT_WORDS
from dokja.call.overview import ApplicationRow, CallOverview
from dokja.call.words import CHANNELS, PHASES
from dokja.evidence.values import Act, Text
from dokja.programme.agenda import Standing
from dokja.report.numerals import percent, percent_interval

_MODULES = {"call": call, "application": application, "agreement": agreement}
STANDINGS: Mapping[Standing, Text] = {
    Standing.DUE: Text("할 일", "due"),
    Standing.OVERDUE: Text("기한 지남", "overdue"),
    Standing.WAITS: Text("대기", "waits"),
    Standing.BLOCKED: Text("불가", "blocked"),
}
HEAD = Text(
    "신청|상태|주관기관|참여기관|순위|득점률|95 % 구간|찬성",
    "application|status|lead|members|rank|share|95 %|votes",
)
DEFINITION = Text("정의(조항 {})", "definition (clause {})")
WINDOW = Text("접수 {} ~ {} (끝 시각 제외)", "window {} to {} (end not included)")
PLACES = Text("선정 {}팀, 서면평가 통과 {}팀 이내", "places: {}, shortlist: {}")
CONTRADICTS = Text(
    "공고문(조항 {})과 다름. 공고문이 우선합니다: {}",
    "contradicts the call (clause {}); the binding text holds: {}",
)
OTHERS = Text("보이지 않는 신청 {}건", "{} applications are not shown")
WRITTEN = Text("{} {}번째 기록: {} ({}, 조항 {})", "{} entry {}: {} ({}, clause {})")
DRY = Text("기록하지 않음. ", "not written: ")
AGENDA = Text("할 일", "what is due")
HISTORY = Text("경과", "what happened")
SHOWN = Text("여러 자격으로 참여하는 기관", "organisations with several parts")
FEEDBACK = Text("피드백", "feedback")
REPLIES = Text("소명 기한 {}", "a reply is waited for until {}")


def act_line(act: Act, *, lang: str, written: bool) -> str:
    """One line that says what an act is, by whom and under which clause."""
    say = attrgetter(lang)
    name, _, number = act.subject.rpartition("/")
    what = _EVENTS[act.kind, act.body["event"]["what"]]
    mandate = act.body["mandate"]
    line: str = say(WRITTEN).format(
        f"{act.kind} {name}", int(number), say(what), mandate["by"], mandate["clause"]
    )
    return line if written else f"{say(DRY)}{line}"


def show_overview(found: CallOverview, *, lang: str) -> None:
    """Nothing; prints the call in one language."""
    console, say = Console(highlight=False), attrgetter(lang)
    phase = say(PHASES[found.phase])
    console.print(f"[bold]{escape(say(found.text.title))}[/] {found.id}: {phase}")
    console.print(say(WINDOW).format(found.text.opens, found.closes))
    console.print(say(PLACES).format(found.text.slots, found.text.shortlist))
    definition = found.text.definition
    named = say(DEFINITION).format(definition.clause)
    console.print(escape(f"{named}: {say(definition.text)}"))
    for line in _said_lines(found, lang):
        console.print(escape(line))
    if found.applications:
        console.print(_applications(found, lang))
    if found.others:
        console.print(say(OTHERS).format(found.others))
    for line in (*_own_lines(found, lang), *_agenda_lines(found, lang)):
        console.print(escape(line))
    console.print(f"[bold]{say(HISTORY)}")
    for entry in found.timeline:
        reason = f": {_either(entry.reason, lang)}" if entry.reason else ""
        who = f" {entry.by}" if entry.by else ""
        line = f"  {entry.at} {entry.matter} {say(entry.what)}{who} ({entry.clause})"
        console.print(escape(line + reason))


def _either(text: Text, lang: str) -> str:
    """The text in the language, else in the one it was written in."""
    said: str = attrgetter(lang)(text)
    return said or text.ko or text.en


def _said_lines(found: CallOverview, lang: str) -> list[str]:
    say, lines = attrgetter(lang), []
    lines += [
        f"? {q.id} ({say(CHANNELS[q.channel])}): {_either(q.text, lang)}"
        for q in found.questions
    ]
    spoken = [(n.id, n.versions) for n in found.notices]
    spoken += [(q.id, q.versions) for q in found.questions]
    for name, versions in spoken:
        for said in versions:
            mark = "–" if said.replaced else "•"
            lines.append(f"{mark} {name} v{said.version}: {_either(said.text, lang)}")
            if said.contradicts is not None:
                why = said.contradicts
                text = say(CONTRADICTS).format(why.clause, say(why.explanation))
                lines.append(f"  ! {text}")
    return lines


def _applications(found: CallOverview, lang: str) -> Table:
    say = attrgetter(lang)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in say(HEAD).split("|"):
        table.add_column(head)
    for row in found.applications:
        table.add_row(*_cells(row, lang))
    return table


def _cells(row: ApplicationRow, lang: str) -> tuple[str, ...]:
    say = attrgetter(lang)
    others = [name for name in row.members if name != row.lead]
    tally = row.tally
    return (
        escape(f"{row.id} {say(row.name)}"),
        say(PHASES[row.phase.value]),
        escape(row.lead),
        escape(", ".join(others)),
        "–" if row.rank is None else str(row.rank),
        "–" if row.share is None else percent(row.share.value),
        (percent_interval(row.share) if row.share else None) or "–",
        "–" if tally is None else f"{tally.in_favour}/{tally.of}",
    )


def _own_lines(found: CallOverview, lang: str) -> list[str]:
    say, lines = attrgetter(lang), []
    for row in found.applications:
        lines += [
            f"{row.id} [{', '.join(reason.clauses)}] {say(reason.text)}"
            for reason in row.reasons
        ]
        if row.reply_until:
            lines.append(f"{row.id}: {say(REPLIES).format(row.reply_until)}")
        if row.feedback is not None and found.reader != "office":
            lines.append(f"{row.id} {say(FEEDBACK)}: {_either(row.feedback, lang)}")
    if found.conflicts:
        lines.append(say(SHOWN))
        lines += [f"  {say(conflict.text)}" for conflict in found.conflicts]
    return lines


def _agenda_lines(found: CallOverview, lang: str) -> list[str]:
    say = attrgetter(lang)
    lines = [say(AGENDA)] if found.agenda else []
    for item in found.agenda:
        until = f" ({item.until})" if item.until else ""
        standing = say(STANDINGS[item.standing])
        lines.append(f"  {standing}: {say(item.what)} – {say(item.why)}{until}")
    return lines


_PLACES = {
    ("vacancy", "revival_called"): Text("추가 공모 지정", "revival call named"),
    ("vacancy", "filled"): Text("빈자리 충원", "place filled"),
    ("vacancy", "left_empty"): Text("빈자리 유지", "places left empty"),
}


def _tags() -> dict[tuple[str, str], Text]:
    """The words of every kind of act by matter and tag."""
    return {
        (kind, _tag(event)): words
        for event, words in EVENT_WORDS.items()
        for kind, module in _MODULES.items()
        if event.__module__ == module.__name__
    }


def _tag(event: type) -> str:
    found = type_info(event)
    return str(found.tag) if isinstance(found, StructType) else ""


_EVENTS = {**_tags(), **_PLACES}
