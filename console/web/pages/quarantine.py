"""Quarantine: the list of suspected under-18 adverts and a referral card for each, for the named role only."""

from typing import Final

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from adverts.quarantine import (
    OFFERED,
    NewRuling,
    Outcome,
    Ruling,
    State,
    count_states,
    read_last_ruling,
    record_ruling,
    worst_state,
)
from console.web.auditing import log_consultation
from console.web.pages.errors import show_error
from console.web.pages.sign_in import read_form, text_of
from console.web.quarantine_reading import (
    MOST_CARDS,
    CardRow,
    Ground,
    RulingRow,
    Subject,
    read_cards,
    read_grounds,
    read_rulings,
    read_subject,
)
from console.web.render import Page, get_console, get_session, render_page

RECIPIENTS: Final = {
    "Force on-call": "the force's on-call officer for child protection, first where a child may be in danger now",
    "NCA CEOP": "the Child Exploitation and Online Protection command of the National Crime Agency",
    "IWF": "the Internet Watch Foundation, where an image is said to be on the page",
}
"""Whom a suspected advert is referred to, and when."""
_RULINGS: Final[dict[str, Ruling]] = {"refer": "referred", "release": "released", "reopen": "reopened"}
_REFUSED: Final[dict[Outcome, tuple[str, str]]] = {
    "moved on": ("rulings", "Somebody ruled on this advert, or another ground was found, while you read the card. "
                 "This is how it stands now. Nothing was recorded: read it again, then decide."),
    "not offered": ("act", "What you chose cannot be done to an advert in this state. Nothing was recorded: choose "
                    "among what the card offers."),
}  # fmt: skip
"""Where the card has what a refused ruling is about, and what it says."""
_DIGITS: Final = 19  # of an id that a form may carry
_LONGEST: Final = 200  # characters of a reason; the audit log keeps it whole
_REFUSAL: Final = "Quarantined adverts are open to the child-protection officer only, and you are not signed in as one."
_REFUSED_TODO: Final = (
    "If you saw a sign that a child may be at risk, tell your child-protection officer now, or call the force's "
    "on-call officer. Your administrator names the officers in ASW_PROTECTION_OFFICERS."
)


class QuarantinePage(Page, frozen=True, kw_only=True):
    """How many adverts are in each state, and their cards."""

    counts: dict[State, int]
    cards: list[CardRow]

    @property
    def is_cut(self) -> bool:
        """Return whether there are more cards than the page shows."""
        return sum(self.counts.values()) > len(self.cards)


class ReferralCard(Page, frozen=True, kw_only=True):
    """The minimal record of one suspected advert, its grounds with their evidence, and what was ruled.

    `last` is the id of the newest ruling, by which a form says what its officer saw. `problems` and the values after it
    are of a form that was not accepted.
    """

    subject: Subject
    state: State
    grounds: list[Ground]
    rulings: list[RulingRow]
    last: int
    problems: dict[str, str] = msgspec.field(default_factory=dict)
    recipient: str = ""
    reason: str = ""
    act: str = ""

    @property
    def acts(self) -> list[str]:
        """Return what can be done in its state."""
        return [act for act, ruling in _RULINGS.items() if ruling in OFFERED[self.state]]

    @property
    def recipients(self) -> dict[str, str]:
        """Return whom it can be referred to."""
        return RECIPIENTS


def show_quarantine(request: Request) -> Response:
    """Answer `/quarantine`: the adverts that may show a person under 18, for the child-protection officer only."""
    if not is_officer(request):
        return refuse(request)
    with get_console(request).store.connect() as connection:
        counts, cards = count_states(connection), read_cards(connection)[:MOST_CARDS]
    page = QuarantinePage(title="Quarantine", counts=counts, cards=cards)
    log_consultation(request, f"quarantine list {len(cards)} of {sum(counts.values())}")
    return render_page(request, "quarantine.html", page)


def show_card(request: Request) -> Response:
    """Answer `/quarantine/<id>`: the referral card of one advert, for the child-protection officer only."""
    if not is_officer(request):
        return refuse(request)
    card = _read_card(request)
    if card is None:
        return show_error(request, 404)
    log_consultation(request, f"quarantine card of advert {card.subject.id}")
    return render_page(request, "referral_card.html", card)


async def rule_card(request: Request) -> Response:
    """Take an officer's ruling: refer, release as a false alarm, or put back into quarantine."""
    form = await read_form(request)
    if form is None:
        return show_error(request, 400)
    if not is_officer(request):
        return refuse(request)
    return await run_in_threadpool(_rule, request, form)


def is_officer(request: Request) -> bool:
    """Return whether the signed-in person holds the child-protection role."""
    session = get_session(request)
    return session is not None and get_console(request).settings.is_officer(session.user)


def refuse(request: Request) -> Response:
    """Answer a person without the role; the answer is the same for every address, so it tells nothing."""
    return show_error(request, 403, _REFUSAL, _REFUSED_TODO)


def _rule(request: Request, form: FormData) -> Response:
    card, act = _read_card(request), text_of(form, "act")
    if card is None or act not in _RULINGS:
        return show_error(request, 404 if card is None else 400)
    reason, recipient = text_of(form, "reason")[:_LONGEST], text_of(form, "recipient")
    status, problems = 422, _find_problems(act, reason, recipient)
    if not problems:
        outcome = _record(request, card.subject.id, form, reason)
        if outcome == "recorded":
            return RedirectResponse(f"/quarantine/{card.subject.id}#rulings", 303)
        status, problems = 409, dict([_REFUSED[outcome]])
    again = msgspec.structs.replace(
        _read_card(request) or card, problems=problems, act=act, reason=reason, recipient=recipient
    )
    log_consultation(request, f"quarantine card of advert {card.subject.id}")  # it is shown again, maybe with more
    return render_page(request, "referral_card.html", again, status)


def _record(request: Request, advert: str, form: FormData, reason: str) -> Outcome:
    session, act, last = get_session(request), text_of(form, "act"), text_of(form, "last")
    assert session is not None, "only an officer who is signed in comes here"
    given = NewRuling(
        advert=advert, grounds=tuple(str(each) for each in form.getlist("ground")),
        last=int(last) if last.isascii() and last.isdecimal() and len(last) < _DIGITS else -1,
        ruling=_RULINGS[act], author=session.user, reason=reason,
        recipient=text_of(form, "recipient") if act == "refer" else "",
    )  # fmt: skip
    with get_console(request).store.begin() as connection:
        return record_ruling(connection, given)


def _find_problems(act: str, reason: str, recipient: str) -> dict[str, str]:
    problems = {}
    if act == "refer" and recipient not in RECIPIENTS:
        problems["recipient"] = "Choose whom you referred the advert to."
    if not reason:
        problems[f"{act}-reason"] = (
            "Enter the reason in one line, such as the referral's reference. Name no child here."
        )
    return problems


def _read_card(request: Request) -> ReferralCard | None:
    with get_console(request).store.connect() as connection:
        subject = read_subject(connection, request.path_params["id"])
        if subject is None:
            return None
        grounds = read_grounds(connection, subject.id)
        rulings, last = read_rulings(connection, subject.id), read_last_ruling(connection, subject.id)
    return ReferralCard(
        title=f"Referral card: {subject.site} {subject.ref}", subject=subject, grounds=grounds, rulings=rulings,
        state=worst_state(ground.state for ground in grounds), last=last,
    )  # fmt: skip
