"""What the fields of a source are called, in every form that asks for one."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.evidence.values import Text
from dokja.web.acts.fields import FieldKind, FieldWords

SOURCE_WORDS: Mapping[str, FieldWords] = {
    "publisher": FieldWords(
        name=Text(ko="알린 곳", en="Where it was published"),
        hint=Text(
            ko="기관이나 매체의 이름입니다. 예: 사무국 공지",
            en="An organisation or medium, such as the office's notice.",
        ),
    ),
    "on": FieldWords(
        name=Text(ko="알린 날", en="When it was published"), kind=FieldKind.DAY
    ),
    "title": FieldWords(name=Text(ko="제목", en="Its title")),
}
