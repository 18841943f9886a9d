"""Typed values: each kind's one way to clean, classify and caption what adverts say."""

from adverts.values.email import parse_email
from adverts.values.handle import SERVICES, Handle, parse_handle
from adverts.values.measures import (
    parse_bust,
    parse_centimetres,
    parse_dress_size,
    parse_feet,
    parse_kilograms,
    parse_pounds,
    parse_stone,
)
from adverts.values.number_words import parse_number_words
from adverts.values.phone import Phone, assume_nanp, caption_phone, classify_digits, parse_phone
from adverts.values.postcode import outcode_of, parse_postcode
from adverts.values.price import COVER_SIGNS, CURRENCIES, MONEY_WORDS, Price, parse_minutes, parse_price
from adverts.values.wallet import Wallet, parse_wallet

__all__ = [
    "COVER_SIGNS",
    "CURRENCIES",
    "MONEY_WORDS",
    "SERVICES",
    "Handle",
    "Phone",
    "Price",
    "Wallet",
    "assume_nanp",
    "caption_phone",
    "classify_digits",
    "outcode_of",
    "parse_bust",
    "parse_centimetres",
    "parse_dress_size",
    "parse_email",
    "parse_feet",
    "parse_handle",
    "parse_kilograms",
    "parse_minutes",
    "parse_number_words",
    "parse_phone",
    "parse_postcode",
    "parse_pounds",
    "parse_price",
    "parse_stone",
    "parse_wallet",
]
