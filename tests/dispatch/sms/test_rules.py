"""What an SMS says: keywords exactly and alone, answers by code or one word, else nothing."""

import pytest

from dispatch.answers.service import Answer
from dispatch.sms.rules import ByCode, Keyword, Reading, is_answer_alone, read


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("STOP", Keyword.STOP), ("stop", Keyword.STOP), (" Stop \n", Keyword.STOP),
        ("STOPP", Keyword.STOP), ("Abmelden", Keyword.STOP), ("στοπ", Keyword.STOP),
        ("Διακοπή", Keyword.STOP), ("UNSUBSCRIBE", Keyword.STOP), ("Quit", Keyword.STOP),
        ("Cancel", Keyword.STOP), ("END", Keyword.STOP),
        ("START", Keyword.START), ("Anmelden", Keyword.START), ("Έναρξη", Keyword.START),
        ("Yes", Keyword.START), ("HELP", Keyword.HELP), ("Hilfe", Keyword.HELP),
        ("βοήθεια", Keyword.HELP), ("INFO", Keyword.HELP),
        ("STOP 12345", None), ("Stop please", None), ("STOP.", None), ("nonstop", None),
        ("bitte STOP", None), ("START jetzt", None), ("", None), ("👍", None),
    ],
)  # fmt: skip
def test_a_keyword_is_one_only_exactly_and_alone(text: str, said: Reading) -> None:
    assert read(text, is_asked=False) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("J7K", ByCode(Answer.YES, "7K")), ("j7k", ByCode(Answer.YES, "7K")),
        ("Y7K", ByCode(Answer.YES, "7K")), ("N7K", ByCode(Answer.NO, "7K")),
        ("Ν7Κ", ByCode(Answer.NO, "7K")), ("Υ7Κ", ByCode(Answer.YES, "7K")),
        ("ν7κ", ByCode(Answer.NO, "7K")), ("Ϳ7Κ", ByCode(Answer.YES, "7K")),
        ("Ј7К", ByCode(Answer.YES, "7K")), ("У7М", ByCode(Answer.YES, "7M")),
        ("Ｎ７Ｋ", ByCode(Answer.NO, "7K")), ("N\u0667K", None),
        ("Ј7К, если до 11", None), ("Ж7К", None),
        (" J 7 K. ", ByCode(Answer.YES, "7K")), ("n-7k!", ByCode(Answer.NO, "7K")),
        ("Ja", Answer.YES), ("ja!", Answer.YES), ("yes", Answer.YES), ("Ναι", Answer.YES),
        ("EVET", Answer.YES), ("Nein.", Answer.NO), ("όχι", Answer.NO), ("Hayır", Answer.NO),
        ("HAYIR", Answer.NO), ("No", Answer.NO), ("Cancel", Answer.NO), ("End", Answer.NO),
        ("STOP", Keyword.STOP), ("Quit", Keyword.STOP), ("HELP", Keyword.HELP),
        ("J7K aber erst ab 11", None), ("ja oder nein", None), ("J7K J8M", None),
        ("ja, wenn es bis 12 geht", None), ("7K", None), ("X7K", None), ("J17K", None),
    ],
)  # fmt: skip
def test_where_a_question_is_open_a_word_is_an_answer_and_a_condition_is_none(
    text: str, said: Reading
) -> None:
    assert read(text, is_asked=True) == said


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("J1Z", True),
        ("n77k.", True),
        ("J3", True),
        ("J7K", True),
        ("Ja!", True),
        ("Cancel", True),
        ("", False),
        ("Ja aber erst ab 11", False),
        ("J7K if it ends at 11", False),
        ("ab 11", False),
        ("11h", False),
        ("JA OK", False),
        ("N um 3", False),
        ("STOP", False),
    ],
)
def test_an_answer_alone_holds_nothing_to_be_read(text: str, alone: bool) -> None:
    assert is_answer_alone(text) is alone
