"""Help: the glossary, the keys and the search language in short."""

from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from adverts.territory import ATTRIBUTION
from console.web.examples import EXAMPLES
from console.web.render import Page, render_page


class Term(msgspec.Struct, frozen=True):
    """A word of the console and what it means."""

    word: str
    meaning: str


GLOSSARY: Final = (
    Term("Advert", "One advert on one site, known by the site's own reference. It has versions over time."),
    Term("Base rate", "How many of the adverts now in the store show an indicator. A common sign says little."),
    Term("Bridge", "A single link that alone joins two parts of a network. Look at it first: without it they part."),
    Term("Candidate linked network", "Adverts that one control seems to publish. It is a suggestion for review, "
         "made by a program from what the adverts share. It is not a finding about any person."),
    Term("Capture", "One answer of a website, kept byte for byte in a WARC file with its SHA-256 hash."),
    Term("Evidence grade", "What studies of cases with known outcomes say about an indicator: supported, contested, "
         "contradicted, or untested where practitioners describe it and no such study is known."),
    Term("Hand", "Adverts that contacts and accounts connect, whatever their texts say: most often one writer. Two "
         "hands on one text are mostly a copy, three are how an operation rotates its numbers."),
    Term("Identifier", "A value that can link adverts: phone, e-mail, handle, link, image hash or text template."),
    Term("Indicator", "A documented sign in an advert or a network, with its source. Indicators are not evidence of "
         "an offence."),
    Term("Link", "A scored relation between two adverts. Its reasons sum to its weight."),
    Term("Mention", "A value found in the text, with the place where it stands and what found it."),
    Term("Night", "The day that a nightly run is for."),
    Term("Persona", "Adverts that look like one advertised person."),
    Term("Quarantine", "Where an advert goes whose wording suggests a person under 18. Only the child-protection "
         "officer sees it, until they refer it or release it as a false alarm."),
    Term("Run", "One pass of one stage of the pipeline. Every row in the store knows its run."),
    Term("Specificity", "How much sharing a value says: 1 for a phone that few adverts show, 0 for a switchboard that "
         "many unrelated adverts show."),
    Term("Switchboard, hub", "A value that more adverts share than one operation plausibly runs, such as an "
         "agency's or a platform's number."),
    Term("Template", "A text that several adverts share but for names, numbers and places."),
    Term("Tier", "A: the shape of a network. B: words in the advert. C: context only, with no weight."),
    Term("Version", "What an advert said from one night on, until it said something else."),
    Term("Weight", "Log-odds: every +0.7 doubles the odds that two adverts are linked, every −0.7 halves them."),
)  # fmt: skip

KEYS: Final = (
    ("/", "Go to the search box"),
    ("?", "Open this page"),
    ("j", "Next row"),
    ("k", "Previous row"),
    ("o", "Open the row; Enter does the same"),
    ("g h", "Go home"),
    ("g s", "Go to search"),
    ("g n", "Go to networks"),
    ("g r", "Go to runs"),
    ("Esc", "Leave the search box, close a menu"),
)


class HelpPage(Page, frozen=True, kw_only=True):
    """Words, keys and examples of queries."""

    examples: tuple[tuple[str, str], ...]
    glossary: tuple[Term, ...]
    keys: tuple[tuple[str, str], ...]
    attribution: str


def show_help(request: Request) -> Response:
    """Answer `/help`."""
    page = HelpPage(title="Help", examples=EXAMPLES, glossary=GLOSSARY, keys=KEYS, attribution=ATTRIBUTION)
    return render_page(request, "help.html", page)
