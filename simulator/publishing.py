"""From a posting to a listing: every content that the world's nights show, and the truth of it."""

import random
from datetime import date, timedelta

from adverts.ids import advert_id
from simulator.page import Page
from simulator.posting import Listing, Posting, Scene, make_ref
from simulator.records import Truth, WorldVersion
from simulator.timeline import iter_stays


def publish(scene: Scene, rng: random.Random, posting: Posting) -> Listing:
    """Return the advert with all that happens to it over the world's nights."""
    ref, page = make_ref(scene, posting.site), Page(rng, posting)
    posted_at = ""
    versions: list[WorldVersion] = []
    for stay in iter_stays(rng, scene.nights, posting.habits):
        posted_at = posted_at or _draw_posted_at(rng, scene.start, stay.first, posting.posted_days)
        page.change(stay.change)
        record = page.render(posted_at)
        if stay.change and versions and record == versions[-1].record:
            page.announce()  # the price of an advert without prices was altered, for example
            record = page.render(posted_at)
        versions.append(WorldVersion(site=posting.site, ref=ref, first=stay.first, last=stay.last, record=record))
    return Listing(versions, _build_truth(posting, ref, page))


def _draw_posted_at(rng: random.Random, start: date, first: int, days: int) -> str:
    day = start + timedelta(days=first or -days)
    return f"{day}T{rng.randrange(24):02d}:{rng.randrange(60):02d}:00Z"


def _build_truth(posting: Posting, ref: str, page: Page) -> Truth:
    who = posting.who
    return Truth(
        id=advert_id(posting.site, ref), site=posting.site, ref=ref, control=who.control,
        advertiser=who.advertiser or who.control, persona=posting.persona.id, kind=who.kind,
        household=who.household or who.control, account=posting.account, payer=who.payer, trait=who.trait,
        text=posting.draft.source, disguise=page.disguise, signs=page.signs,
        identifiers={kind: tuple(values) for kind, values in page.identifiers.items() if values},
    )  # fmt: skip
