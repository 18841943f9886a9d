"""One advert as its site shows it: words, number, prices, fields, and what its owner alters."""

import random
from dataclasses import replace
from typing import Final

from adverts.model import Rate
from simulator.disguise import PLAIN, Written, disguise, write_openly, write_plain
from simulator.grammar import load_bank
from simulator.numbers import HUB_EMAILS, HUB_IMAGES, HUB_PHONES
from simulator.places import make_postcode
from simulator.posting import Posting
from simulator.records import Content
from simulator.signs import OBSCURED, draw_signs
from simulator.timeline import Change
from simulator.wording import dress, dress_draft, edit_draft

_OPEN_SHARE: Final = 0.04  # of numbers that aren't hidden: written in an unusual form
_CATEGORIES: Final = {
    "northgate": ("Massage", "Companionship", "Dinner dates", "Duos and houses"),
    "bazaar": ("massage", "companions", "evenings out", "houses"),
    "lantern": ("massage", "company", "dinner", "places"),
}
_SERVICES: Final = (
    "massage", "hot stone massage", "aromatherapy", "foot massage", "companionship", "dinner date", "travel companion",
    "theatre evening", "overnight", "hotel visits", "couples welcome", "reflexology", "shower", "parking",
)  # fmt: skip
_PRICES: Final = (80, 90, 100, 100, 110, 120, 120, 130, 140, 150, 150, 160, 180, 200)
_PRICE_FORMS: Final = {
    "northgate": ("£{}",),
    "bazaar": ("£{}", "{}", "{} pounds", "{} GBP"),
    "lantern": ("£{}", "£{}.00"),
}
_EMAIL_FORMS: Final = ("{0}@{1}",) * 14 + ("{0} at {2}", "{0} (at) {1}")
_HANDLE_FORMS: Final = {
    "telegram": ("Telegram @{}", "Telegram: @{}", "telegram: {}", "t.me/{}", "TG @{}"),
    "snapchat": ("Snapchat: {}", "Snapchat {}", "snap: {}"),
}


class Page:
    """The advert as it stands; `change` alters it, `render` shows it, `identifiers` collects all that was shown."""

    def __init__(self, rng: random.Random, posting: Posting) -> None:
        self._rng = rng
        self._posting = posting
        self._contact = posting.contact
        self._place = posting.place
        self._price = rng.choice(_PRICES)
        self._style = posting.persona.style
        self._draft = dress_draft(rng, posting.draft, self._style)
        self._news = ""
        self.identifiers: dict[str, dict[str, None]] = {"phone": {}, "email": {}, "handle": {}, "url": {}, "image": {}}
        where = posting.where or rng.choice(("body", "body", "body", "contact", "contact", "both", "both"))
        self._in_text = bool(posting.contact.phone) and where != "contact"
        self._in_field = bool(posting.contact.phone) and where != "body"
        self.signs = draw_signs(rng, posting.who.kind, number_in_text=self._in_text, given=posting.given_signs)
        self._set_place(posting.outcode)
        self._write_number()
        self._choose_fields()
        self._write_contacts()
        self._choose_words()

    def change(self, change: Change) -> None:
        """Do what the owner does between two contents; it may alter what this advert doesn't show."""
        elsewhere = [town for town in self._posting.habits.towns if town != self._place]
        if change == "move" and elsewhere:
            self._place = self._rng.choice(elsewhere)
            self._set_place("")
        elif change:
            self._edit()

    def announce(self) -> None:
        """Put another line of news into the text."""
        before = self._news
        while self._news == before:
            self._news = dress(load_bank("english").make(self._rng, "extra"), self._style)

    def render(self, posted_at: str) -> Content:
        """Return what the site shows now."""
        facts, fields = self._build_facts(), self._fields
        title = self._title.format_map(facts)
        body = self._build_body().format_map(facts)
        if self._written.head:
            title, body = f"{title} {self._written.head}", f"{self._written.text} {body}"
        self._note_identifiers()
        return Content(
            account=self._posting.account, category=fields["category"], posted_at=posted_at,
            title=title.upper() if self._style.loud_title else title, body=body,
            phones=(self._field_phone,) if self._in_field else (), name=fields["name"], age=fields["age"],
            nationality=fields["nationality"], location=self._place.town if self._names_town else "",
            postcode=self._postcode, rates=self._build_rates(), services=self._services, images=self._images,
        )  # fmt: skip

    @property
    def disguise(self) -> str:
        """Return how the number in the text is written, empty when the text has none."""
        return self._written.style

    def _edit(self) -> None:
        rng, draw = self._rng, self._rng.random()
        spare = [phone for phone in self._posting.habits.phones if phone != self._contact.phone]
        if spare and self._contact.phone and draw < 0.5:
            self._contact = replace(self._contact, phone=rng.choice(spare))
            self._write_number()
            return
        self._price += rng.choice((-10, 10, 20))
        if draw > 0.7:
            self.announce()
        elif draw > 0.5:
            self._draft = dress_draft(rng, edit_draft(rng, self._draft, 0.15), replace(self._style, typo_rate=0.0))

    def _set_place(self, outcode: str) -> None:
        rng = self._rng
        self._outcode = outcode or rng.choice(self._place.outcodes)
        draw = rng.random()
        self._postcode = ""
        if self._posting.site != "bazaar" and draw < 0.75:
            self._postcode = self._outcode if draw < 0.5 else make_postcode(rng, self._outcode)

    def _write_number(self) -> None:
        rng, phone = self._rng, self._contact.phone
        self._written = Written("", "")
        if self._in_text:
            if OBSCURED in self.signs:
                self._written = disguise(rng, phone)
            elif phone.startswith("+447") and rng.random() < _OPEN_SHARE:
                self._written = write_openly(rng, phone)
            else:
                self._written = Written(PLAIN, write_plain(rng, phone))
        self._field_phone = write_plain(rng, phone) if self._in_field else ""

    def _choose_fields(self) -> None:
        rng, persona, site = self._rng, self._posting.persona, self._posting.site
        shared = self._posting.who.kind in ("agency", "parlour", "duo")
        name = f"{persona.name} & {persona.other}" if persona.other else persona.name
        stated = "nationality" in self.signs and site != "bazaar" and rng.random() < 0.7
        self._fields = {
            "category": _CATEGORIES[site][3 if shared else int(rng.random() * 3)],
            "name": name if rng.random() < 0.93 else "",
            "age": rng.choice(("{}", "{}", "{}", "{} years")).format(persona.age) if rng.random() < 0.85 else "",
            "nationality": persona.nationality if stated else "",
        }
        self._names_town = rng.random() < 0.96
        self._price_form = rng.choice(_PRICE_FORMS[site])
        self._rate_count = rng.choice((0, 1, 2, 3, 3, 4))
        self._services = tuple(rng.sample(_SERVICES, rng.choice((0, 0, 2, 3, 4, 5))))
        self._images = self._posting.images or persona.images
        if rng.random() < 0.04:
            self._images += (rng.choice(HUB_IMAGES),)

    def _write_contacts(self) -> None:
        rng, contact = self._rng, self._contact
        self._contact_texts = {"email": "", "handle": "", "url": contact.url}
        if contact.email:
            local, host = contact.email.split("@")
            text = rng.choice(_EMAIL_FORMS).format(local, host, host.replace(".", " dot "))
            self._contact_texts["email"] = text
        if contact.handle:
            service, name = contact.handle.split(":")
            self._contact_texts["handle"] = rng.choice(_HANDLE_FORMS[service]).format(name)

    def _choose_words(self) -> None:
        """Choose the sentences that are this advert's own, beside those of its draft."""
        rng, bank = self._rng, load_bank("english")
        self._title, texts = self._draft.title, []
        for sign in self.signs:
            if sign in ("movement", "youth", "nationality") and rng.random() < 0.25:
                self._title = bank.make(rng, f"titles {sign}")
            elif sign != OBSCURED:
                texts.append(bank.make(rng, f"sign {sign}"))
        if self._posting.extra:
            texts.append(self._posting.extra)
        self._inserted = [(rng.random(), dress(text, self._style)) for text in texts]
        asked = {"write": self._contact.email, "message": self._contact.handle, "visit": self._contact.url}
        self._contact_lines = [dress(bank.make(rng, line), self._style) for line, value in asked.items() if value]
        self._footer = bank.make_many(rng, "boilerplate", rng.choice((1, 1, 2))) if rng.random() < 0.4 else []
        self._hub = int(rng.random() * 2)
        self._hub_phone = write_plain(rng, HUB_PHONES[self._hub])
        if rng.random() < 0.03:
            self._footer.append(bank.make(rng, "boilerplate_hub"))

    def _build_body(self) -> str:
        draft = self._draft
        sentences = list(draft.prose)
        for fraction, text in self._inserted:
            sentences.insert(1 + int(fraction * len(sentences)), text)
        if draft.hours and "tight_schedule" not in self.signs:
            sentences.append(draft.hours)
        if draft.outcall and "incall_only" not in self.signs:
            sentences.append(draft.outcall)
        if self._news:
            sentences.append(self._news)
        if self._in_text and not self._written.head:
            sentences.append(draft.call)
        sentences += self._contact_lines
        body = self._style.separator.join(sentences)
        if self._style.mark:
            body = f"{self._style.mark} {body} {self._style.mark}"
        return "\n".join((body, *self._footer))

    def _build_facts(self) -> dict[str, str]:
        persona, price = self._posting.persona, self._price
        return {
            "name": persona.name, "other": persona.other, "age": str(persona.age), "town": self._place.town,
            "outcode": self._outcode, "nationality": persona.nationality, "phone": self._written.text,
            "price": f"£{price}", "half": f"£{_halve(price)}", "double": f"£{price * 2 - 20}",
            "hub_phone": self._hub_phone, "hub_email": HUB_EMAILS[self._hub],
            **self._contact_texts,
        }  # fmt: skip

    def _build_rates(self) -> tuple[Rate, ...]:
        price, visits = self._price, bool(self._draft.outcall) and "incall_only" not in self.signs
        kind = "incall" if visits or self._rate_count % 2 else ""
        rows = (
            ("1 hour", price, kind), ("30 minutes", _halve(price), kind), ("2 hours", price * 2 - 20, kind),
            ("1 hour", price + 30, "outcall") if visits else ("overnight", price * 7, ""),
        )  # fmt: skip
        return tuple(
            Rate(duration=duration, price=self._price_form.format(amount), kind=setting)
            for duration, amount, setting in rows[: self._rate_count]
        )

    def _note_identifiers(self) -> None:
        """Remember what this rendering shows, in the clean form of the product."""
        known, contact = self.identifiers, self._contact
        if self._in_text or self._in_field:
            known["phone"][contact.phone] = None
        if "wa.me" in self._written.text:
            known["handle"][f"whatsapp:{contact.phone}"] = None
        for kind, value in (("email", contact.email), ("handle", contact.handle), ("url", contact.url)):
            if value:
                known[kind][value] = None
        footer = " ".join(self._footer)
        if "{hub_phone}" in footer:
            known["phone"][HUB_PHONES[self._hub]] = None
        if "{hub_email}" in footer:
            known["email"][HUB_EMAILS[self._hub]] = None
        known["image"].update(dict.fromkeys(self._images))


def _halve(price: int) -> int:
    """Return the price of half an hour, which costs more than half of an hour."""
    return round(price * 0.6 / 10) * 10
