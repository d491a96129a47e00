"""Two rows for every definition, in that set's own schema.

All questions were invented for these tests; none is an item of the set whose
columns it borrows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Rows = tuple[Mapping[str, Any], Mapping[str, Any]]

PICTURE = {"bytes": b"\x89PNG invented", "path": "../../tmp/1.PNG"}
SOUND = {"bytes": b"RIFF invented", "path": None}
_QUESTIONS = ("지어낸 물음 하나: 하늘의 색은?", "지어낸 물음 둘: 1 더하기 1은?")
_CHOICES = (("빨강", "파랑", "노랑", "초록", "보라"), ("1", "2", "3", "4", "5"))


def _lettered(letters: str, answer: str, answers: tuple[Any, Any], **more: Any) -> Rows:
    """Rows with a column for every choice; the second is right in both."""
    first, second = (
        {
            "question": question,
            **dict(zip(letters, choices, strict=False)),
            answer: right,
            **more,
        }
        for question, choices, right in zip(_QUESTIONS, _CHOICES, answers, strict=True)
    )
    return first, second


def _named(prefix: str, marks: str, **more: Any) -> Rows:
    """Rows whose columns of choices share the beginning of their names."""
    first, second = (
        {
            "question": question,
            **{f"{prefix}{m}": c for m, c in zip(marks, choices, strict=False)},
            **more,
        }
        for question, choices in zip(_QUESTIONS, _CHOICES, strict=True)
    )
    return first, second


def _list(column: str, **more: Any) -> Rows:
    """Rows with the choices in one column."""
    first, second = (
        {"question": question, column: list(choices[:4]), **more}
        for question, choices in zip(_QUESTIONS, _CHOICES, strict=True)
    )
    return first, second


FIXTURES: Mapping[str, Rows] = {
    "kmmlu": _lettered("ABCD", "answer", (2, 2), Category="Made-Up", Accuracy=0.5),
    "kmmlu-redux": _list("options", solution=2, license_name="지어낸 자격"),
    "kmmlu-pro": _list("options", solution="2", license_name="지어낸 자격"),
    "haerae": (
        {"query": "지어낸 물음\n(A) 가\n(B) 나\n정답:", "answer": "(B)"},
        {"query": "지어낸 다른 물음\n(A) 다\n(B) 라\n정답:", "answer": "(B)"},
    ),
    "kobest-boolq": (
        {"paragraph": "하늘은 파랗다.", "question": "하늘은 파란가?", "label": 1},
        {"paragraph": "하늘은 파랗다.", "question": "하늘은 파랗나?", "label": 1},
    ),
    "kobest-hellaswag": (
        {"context": "비가 왔다.", **{f"ending_{n}": f"끝 {n}" for n in range(1, 5)}}
        | {"label": 1},
        {"context": "해가 떴다.", **{f"ending_{n}": f"끝 {n}" for n in range(1, 5)}}
        | {"label": 1},
    ),
    "kobest-sentineg": (
        {"sentence": "아주 좋다.", "label": 1},
        {"sentence": "참 훌륭하다.", "label": 1},
    ),
    "kobest-wic": (
        {
            "word": "배",
            "context_1": "배를 탔다.",
            "context_2": "배가 떴다.",
            "label": 1,
        },
        {
            "word": "눈",
            "context_1": "눈이 왔다.",
            "context_2": "눈이 녹다.",
            "label": 1,
        },
    ),
    "click": (
        {"id": "A_1", "paragraph": "", "question": _QUESTIONS[0]}
        | {"choices": list(_CHOICES[0][:4]), "answer": "파랑"},
        {"id": "A_2", "paragraph": "글", "question": _QUESTIONS[1]}
        | {"choices": list(_CHOICES[1]), "answer": "2"},
    ),
    "hrm8k": (
        {"question": _QUESTIONS[1], "answer": 2.0},
        {"question": "지어낸 물음: 반은 얼마인가?", "answer": "0.5"},
    ),
    "kormedmcqa": _lettered("ABCDE", "answer", (2, 2)),
    "kbl-legal-concept": _lettered("ABCDE", "label", ("B", "B")),
    "kbl-bar-exam": _lettered("ABCDE", "gt", ("B", "B")),
    "csatqa": _named("option#", "12345", context="지어낸 글", gold=2),
    "global-mmlu-lite-ko": _named("option_", "abcd", subject="x", answer="B"),
    "include-ko": _named("option_", "abcd", answer=1),
    "belebele-ko": _named(
        "mc_answer",
        "1234",
        link="made-up/1",
        flores_passage="지어낸 글",
        correct_answer_num="2",
    ),
    "mmmlu-ko": (
        {"Question": _QUESTIONS[0], **dict(zip("ABCD", _CHOICES[0], strict=False))}
        | {"Answer": "B", "Subject": "made_up"},
        {"Question": _QUESTIONS[1], **dict(zip("ABCD", _CHOICES[1], strict=False))}
        | {"Answer": "B", "Subject": "made_up"},
    ),
    "mmlu-pro": _list("options", answer="B", answer_index=1, category="made up"),
    "gpqa-diamond": (
        {"Question": "An invented question?", "Correct Answer": "right"}
        | {f"Incorrect Answer {n}": f"wrong {n}" for n in (1, 2, 3)},
        {"Question": "Another invented one?", "Correct Answer": "true"}
        | {f"Incorrect Answer {n}": f"false {n}" for n in (1, 2, 3)},
    ),
    "gsm8k": (
        {"question": "One and one?", "answer": "1 + 1 = <<1+1=2>>2\n#### 2"},
        {"question": "A thousand and one?", "answer": "That is it.\n#### 1,001"},
    ),
    "aime-2024": (
        {"ID": "2024-0-1", "Problem": "Invented: 1 + 1?", "Answer": 2},
        {"ID": "2024-0-2", "Problem": "Invented: 2 + 2?", "Answer": 4},
    ),
    "aime-2025": (
        {"problem": "Invented: 1 + 1?", "answer": "2", "id": "0"},
        {"problem": "Invented: 2 + 2?", "answer": "4", "id": "1"},
    ),
    "humaneval": (
        {
            "task_id": "Invented/0",
            "prompt": 'def twice(x):\n    """ Invented: double x. """\n',
            "canonical_solution": "    return 2 * x\n",
            "test": "def check(candidate):\n    assert candidate(2) == 4\n",
            "entry_point": "twice",
        },
        {
            "task_id": "Invented/1",
            "prompt": 'def same(x):\n    """ Invented: x itself. """\n',
            "canonical_solution": "    return x\n",
            "test": "def check(candidate):\n    assert candidate(2) == 2\n",
            "entry_point": "same",
        },
    ),
    "kmmlu-exemplars": (
        {"subject": "made_up", "question": _QUESTIONS[0]}
        | dict(zip("ABCD", _CHOICES[0], strict=False))
        | {"target": "정답은 (A)가 아니다. 따라서, 정답은 (B) 입니다."},
        {"subject": "made_up", "question": _QUESTIONS[1]}
        | dict(zip("ABCD", _CHOICES[1], strict=False))
        | {"target": "지어낸 풀이. 정답은 B 입니다."},
    ),
    "k-dtcbench": _named("choice_", "abcd", image=PICTURE, answer="B", index="x"),
    "mmau-mini": (
        {"audio": SOUND, "question": "Invented: what sounds?"}
        | {"choices": '["A dog", "A bell"]', "answer": "A bell", "task": "sound"},
        {"audio": SOUND, "question": "Invented: who speaks?"}
        | {"choices": ["A man", "A woman"], "answer": "A woman", "task": "speech"},
    ),
}
"""By definition. Where choices are offered, the second is right."""
