"""The published fields of an advert with what was found in each, so that a page can colour every value in place."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

import msgspec

from adverts.model import Advert
from console.web.spans import Piece, Span, cut_text

LABELS: Final = {
    "title": "Title", "body": "Text", "name": "Name", "age": "Age", "location": "Location", "postcode": "Postcode",
    "account": "Account", "category": "Category",
}  # fmt: skip
"""Fields shown, in this order. Nationality is a protected characteristic and stays behind access control."""


class Field(msgspec.Struct, frozen=True):
    """One published field or member of one (`rates.0.price`), as published, and the spans that were found in it."""

    name: str
    label: str
    text: str
    spans: tuple[Span, ...]

    def pieces(self) -> list[Piece]:
        """Return the text cut for colouring."""
        return cut_text(self.text, self.spans)

    @property
    def member(self) -> str:
        """Return the line that it stands on: `rates.0` for each part of the first rate."""
        return ".".join(self.name.split(".")[:2])


class FieldGroup(msgspec.Struct, frozen=True):
    """The fields under one label, line by line."""

    label: str
    name: str
    lines: list[list[Field]]


def build_fields(record: Advert, spans: Mapping[str, Sequence[Span]]) -> list[Field]:
    """Return the published fields that hold something, each with its spans; the address only when it has some."""
    texts = {name: (label, getattr(record, name)) for name, label in LABELS.items()}
    for index, rate in enumerate(record.rates):
        texts |= {f"rates.{index}.{name}": ("Rates", getattr(rate, name)) for name in ("duration", "price", "kind")}
    for name, label in (("services", "Services"), ("phones", "Contact"), ("images", "Image hashes")):
        texts |= {f"{name}.{index}": (label, text) for index, text in enumerate(getattr(record, name))}
    texts["url"] = ("Address", record.url if "url" in spans else "")
    return [Field(name, label, text, tuple(spans.get(name, ()))) for name, (label, text) in texts.items() if text]


def group_fields(fields: Sequence[Field]) -> list[FieldGroup]:
    """Return the fields by label, in their order."""
    groups = []
    for label, members in groupby(fields, key=lambda field: field.label):
        lines = [list(line) for _, line in groupby(members, key=lambda field: field.member)]
        groups.append(FieldGroup(label, lines[0][0].name.partition(".")[0], lines))
    return groups
