from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.intake import language
from onrecord.intake.language import identify_language

ENGLISH = "The harbour master said on Tuesday that the ferries would sail again from noon, and that nobody was hurt."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ENGLISH, "en"),
        ("Der Hafenmeister sagte am Dienstag, dass die Fähren ab Mittag wieder fahren würden.", "de"),
        ("Le capitaine du port a déclaré mardi que les ferries reprendraient la mer à midi.", "fr"),
        ("El capitán del puerto dijo el martes que los transbordadores volverían a salir al mediodía.", "es"),
        ("Начальник порта сообщила во вторник, что паромы снова выйдут в море в полдень.", "ru"),
        ("Начальниця порту повідомила у вівторок, що пороми знову вийдуть у море опівдні.", "uk"),  # noqa: RUF001 - Ukrainian letters
        ("قالت مديرة الميناء يوم الثلاثاء إن العبارات ستبحر من جديد ابتداء من الظهر", "ar"),
        (
            "港务局长周二表示、渡轮将于中午恢复航行。没有人受伤。目前港口已经重新开放。旅客可以登船。航班也将恢复。",
            "zh",
        ),
    ],
)
def test_languages(text: str, expected: str) -> None:
    assert identify_language(text) == expected


@pytest.mark.parametrize("text", ["", "Kyiv", "Ok, Ann?", "12 34 56", "12.5% 3,000 " * 40, "— … “” " * 100])
def test_too_little_to_tell(text: str) -> None:
    assert identify_language(text) == ""


def test_plain_english_needs_no_identifier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py3langid", None)
    monkeypatch.setitem(sys.modules, "py3langid.langid", None)
    language._identifier.cache_clear()
    assert identify_language(ENGLISH) == "en"


def test_an_english_name_in_another_language_is_not_english() -> None:
    text = "Die Zeitung „The Voice of the Islands“ berichtete, dass die Fähren wieder fahren. Niemand wurde verletzt."
    assert identify_language(text) == "de"


@given(st.text(max_size=500))
@settings(deadline=None)  # the identifier is loaded in the middle
def test_any_string_has_a_code_or_none(text: str) -> None:
    assert identify_language(text) == "" or identify_language(text).isalpha()
