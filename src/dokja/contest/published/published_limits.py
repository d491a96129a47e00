"""What a contest's published votes do not tell, or do not let anybody check."""

from __future__ import annotations

from collections.abc import Iterator

from dokja.contest.published.published_contest import PublishedContest
from dokja.evidence.values import Text

SCREENING_KEPT = Text(
    ko="투표자 점검은 공개 자료만으로 다시 계산할 수 없습니다. 확인용 대결의 판정은 "
    "공개하지 않으며, 모의 표본은 이미 버린 번호에서 뽑은 것입니다. 특정 팀이나 한쪽만 "
    "고른 것으로 표시된 투표자는 공개된 표에서 해당 대결과 일치한 표를 다시 셉니다.",
    en="The screening cannot be made again from what is published: votes on control "
    "battles are not, and its simulations were drawn from numbers that are gone. Of "
    "voters marked for a team or a side, battles and agreeing votes are counted again.",
)
STYLE_KEPT = Text(
    ko="형식 보정 값은 공개 자료만으로 다시 계산할 수 없습니다. 표마다 어느 질문의 "
    "답변이었는지는 공개하지 않습니다.",
    en="The view with style cannot be made again from what is published: which prompt "
    "a vote was about is not.",
)
CELLS_MERGED = Text(
    ko="투표자가 {least}명보다 적은 분야와 언어는 합쳐서 공개하므로 그 안의 차이는 "
    "보이지 않습니다. 강도와 순위는 달라지지 않습니다.",
    en="Fields and languages with fewer than {least} voters are merged, so that "
    "differences inside them do not show. The rating is the same with and without.",
)
LINKS_LEFT = Text(
    ko="투표자의 이름과 등록 번호는 공개하지 않습니다. 다만 비밀값이 공개되었으므로, "
    "어떤 사람이 몇 번째로 등록했는지 아는 사람은 그 사람의 표를 찾아낼 수 있습니다.",
    en="Neither names nor voters' numbers are published. Since the secret is, whoever "
    "knows in which place a person registered may find that person's votes.",
)


def published_limits(published: PublishedContest) -> Iterator[Text]:
    """The limits of this one."""
    least = published.rules.least_cell
    yield Text(
        ko=CELLS_MERGED.ko.format(least=least), en=CELLS_MERGED.en.format(least=least)
    )
    yield LINKS_LEFT
    yield SCREENING_KEPT
    if any(view.id == "position_style" for view in published.rating.views):
        yield STYLE_KEPT
