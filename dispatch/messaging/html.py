"""The HTML part of a mail: what its text says, word for word, with paragraphs and links.

Nothing comes from outside, nothing tells us that it was read, and no colour is set: whoever reads
on a dark screen reads light letters. Mail programs follow few styles, so there are few.
"""

import re

from babel import Locale
from markupsafe import Markup, escape

LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,:;!?)\]…]")
"""An address as people write it in a sentence: the full stop behind it is no part of it."""
PAGE = Markup(
    '<!doctype html>\n<html lang="{locale}" dir="{direction}">\n<head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width">'
    '<meta name="color-scheme" content="light dark"><title>{title}</title></head>\n'
    '<body style="font-family: sans-serif; font-size: 16px; line-height: 1.5; max-width: 40em">\n'
    "{paragraphs}\n</body>\n</html>\n"
)


def page_of(text: str, *, title: str, locale: str) -> str:
    """Return the text of a mail in a locale ("de") as a page of its own."""
    direction = Locale.parse(locale).text_direction
    return str(
        PAGE.format(locale=locale, direction=direction, title=title, paragraphs=paragraphs_of(text))
    )


def paragraphs_of(text: str) -> Markup:
    """Return the text of a mail as it stands on that page."""
    blocks = re.split(r"\n{2,}", text.strip("\n"))
    shown = ("<br>\n".join(map(_line, block.splitlines())) for block in blocks)
    return Markup("\n".join(f"<p>{one}</p>" for one in shown))  # noqa: S704 - each line is escaped


def _line(line: str) -> str:
    """Return a line whose addresses can be pressed; everything else is only text, escaped."""
    shown, end = "", 0
    for link in LINK.finditer(line):
        address = escape(link[0])
        shown += f'{escape(line[end : link.start()])}<a href="{address}">{address}</a>'
        end = link.end()
    return shown + str(escape(line[end:]))
