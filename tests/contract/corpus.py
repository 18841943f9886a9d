"""Twelve documents that every engine is asked about; each advert is known by a letter, its site's reference."""

from datetime import date
from typing import Any, Final

from adverts.ids import advert_id
from indexer.fields import HAS, Document
from indexer.source import PRICE_BANDS

_CARDIFF: Final[dict[str, Any]] = {"place": ["Cardiff"], "postcode": ["CF10 1EP", "CF10"], "point": ["51.4800,-3.1760"]}
_SWANSEA: Final[dict[str, Any]] = {"place": ["Swansea"], "postcode": ["SA1"], "point": ["51.6200,-3.9430"]}
_WALES: Final[dict[str, Any]] = {"force": ["South Wales"], "region": ["TARIAN"]}
_BRISTOL: Final[dict[str, Any]] = {
    "place": ["Bristol"],
    "point": ["51.4550,-2.5880"],
    "force": ["Avon and Somerset"],
    "region": ["SWROCU"],
}
_LEEDS: Final[dict[str, Any]] = {
    "place": ["Leeds"], "point": ["53.7970,-1.5440"], "force": ["West Yorkshire"], "region": ["YHROCU"],
}  # fmt: skip


def make_document(letter: str, site: str = "northgate", **fields: Any) -> Document:
    """Return a document with the fields that every advert has."""
    document: Document = {
        "id": advert_id(site, letter), "site": site, "ref": letter, "url": f"https://{site}.example.com/{letter}",
        "first_seen": "2026-03-01", "last_seen": "2026-03-03", "status": "seen", **fields,
    }  # fmt: skip
    document["month"] = document["first_seen"][:7]
    if "price" in document:
        document["price_band"] = next(name for end, name in PRICE_BANDS if end is None or document["price"] < end)
    return {**document, HAS: sorted(document)}


CORPUS: Final = [
    make_document(
        "a", title="Anna new in town", body="Hello, I am Anna. New in town, call 07700 900123.", name=["Anna"],
        age=[24], text="Hello, I am Anna. New in town, call 07700900123.", phone=["+447700900123"], price=120.0,
        email=["anna@example.com"], indicator=["movement", "reassurance"], tier=["B", "C"], network="net-1",
        template="t0123456789", persona="per-1", first_seen="2026-01-10", account="anna-24", category="independent",
        **_CARDIFF, **_WALES,
    ),
    make_document(
        "b", title="Bella", body="Ask for Bella: O77OO 9OO 123. Town centre, new flat.", name=["Bella"], age=[22],
        text="Ask for Bella: 07700900123. Town centre, new flat.", phone=["+447700900123"], price=100.0,
        indicator=["third_person", "obscured_phone"], tier=["B"], network="net-1", persona="per-2",
        first_seen="2026-02-20", category="agency", changed=["text", "phone"], **_SWANSEA, **_WALES,
    ),
    make_document(
        "c", "bazaar", title="Café Chloé", body="Massage near the station. Can't text, please ring.", age=[31],
        name=["Chloé"], text="Massage near the station. Can't text, please ring.", phone=["+442920180456"],
        price=80.0, first_seen="2025-11-05", last_seen="2025-12-24", status="gone", posted="2025-11-01",
        category="independent", **_CARDIFF, **_WALES,
    ),
    make_document(
        "d", "bazaar", title="Dana, Bristol", body="Relaxing evening. Telegram dana_b.", name=["Dana"], age=[28],
        text="Relaxing evening. Telegram dana_b.", handle=["telegram:dana_b"], price=150.5, first_seen="2026-03-01",
        account="dana", category="independent", changed=["text"], **_BRISTOL,
    ),
    make_document(
        "e", "lantern", title="Ella and Fay, declared duo", body="Two friends, new in the town of Leeds.",
        name=["Ella", "Fay"], age=[25, 27], text="Two friends, new in the town of Leeds.", price=200.0,
        phone=["+441134960777", "+447700900555"], first_seen="2026-02-01", **_LEEDS,
    ),
    make_document(
        "f", "lantern", title="Genuine and reliable", body="No rush. Genuine. Touring: Cardiff, then Bristol.",
        text="No rush. Genuine. Touring: Cardiff, then Bristol.", indicator=["reassurance", "movement"],
        tier=["B", "C"], price=110.0, place=["Cardiff", "Bristol"], point=["51.4800,-3.1760", "51.4550,-2.5880"],
        force=["South Wales", "Avon and Somerset"], region=["TARIAN", "SWROCU"], phone=["+447700900888"],
    ),
    make_document("g", title="Без имени", body="Новая в городе", text="Новая в городе", language=["Russian"]),
    make_document("h", "bazaar", title="Sports massage", body="Clinic hours nine to five.", first_seen="2026-03-02",
                  email=["clinic@example.com"], text="Clinic hours nine to five."),
    make_document("i", title="Price on request", body="Mature lady. Price on request!", age=[47], price=80.0,
                  text="Mature lady. Price on request!", first_seen="2026-03-03", category="independent"),
    make_document("j", "lantern", title="annabelle", body="anna anna anna", text="anna anna anna",
                  first_seen="2026-01-31", last_seen="2026-02-01", status="gone"),
    make_document("k", title='Quotes "and" (brackets)', body="Colon: semi-colon; well-known. 100% real £80 & more",
                  text="Colon: semi-colon; well-known. 100% real £80 & more"),
    make_document("l", "bazaar", title="Only a title"),
]  # fmt: skip
"""northgate: a b g i k; bazaar: c d h l; lantern: e f j. `f` lies in two places, `e` has two phones, `g` is Russian."""

TODAY: Final = date(2026, 3, 4)
BY_ID: Final = {document["id"]: document["ref"] for document in CORPUS}
