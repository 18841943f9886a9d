"""Slots: a template shown as its common wording with the places where its adverts differ, and what stands there."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

import numpy as np

from adverts.model import Json
from adverts.territory import find_town
from graph.templates import Template
from graph.words import Kind, Usage, find_values, level_text, read_words

_COMPARED: Final = 30  # members aligned with the leader; more change the picture little and cost much
_LONGEST: Final = 500  # words of a text that are aligned; alignment is quadratic
_MOST_VALUES: Final = 50  # values shown of a slot
_POSTCODE: Final = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?(?:\s?\d[A-Z]{2})?", re.IGNORECASE)
_PHONE_DIGITS: Final = 7


class Token(NamedTuple):
    """One word of a text, or a run of words of one kind of value: what is compared, its kind, where it stands."""

    masked: int
    kind: Kind
    start: int
    end: int


def explain_template(template: Template, texts: Mapping[str, str]) -> Json:
    """Return the public form of a template: its wording with `{slots}`, and the values of each, most frequent first."""
    chosen = [level_text(texts[member]) for member in template.members[:_COMPARED]]
    usage = Usage()
    usage.count(read_words(chosen))
    members = [(text, _tokenise(text, usage)) for text in chosen]
    leader, tokens = members[_pick_leader([[token.masked for token in row] for _, row in members])]
    values: list[Counter[str]] = [Counter() for _ in tokens]
    for text, row in members:
        _align(tokens, text, row, values)
    names, slots = _name_slots(leader, tokens, values)
    return {
        "template": template.id,
        "size": len(template.members),
        "text": _render(leader, tokens, names),
        "slots": slots,
    }


def _tokenise(text: str, usage: Usage) -> list[Token]:
    words = read_words([text])
    kinds, kept = find_values(words.rows, words.hashes, words.kinds, usage)
    begins = np.flatnonzero(kept)
    lasts = np.append(begins[1:], len(kept)) - 1 if len(begins) else begins
    characters = np.cumsum([(byte & 0xC0) != 0x80 for byte in text.encode("utf-8", "replace")] + [True]) - 1
    return [
        Token(int(words.hashes[first]) if kinds[first] == Kind.WORD else -int(kinds[first]), Kind(kinds[first]), *span)
        for first, *span in zip(
            begins.tolist(),
            characters[words.starts[begins]].tolist(),
            characters[words.ends[lasts]].tolist(),
            strict=True,
        )
    ][:_LONGEST]


def _pick_leader(rows: Sequence[Sequence[int]]) -> int:
    """Return the row whose words most of the others have too."""
    known = Counter(word for row in rows for word in set(row))
    return max(
        range(len(rows)),
        key=lambda index: (sum(known[word] for word in set(rows[index])) / (len(rows[index]) + 9), -index),
    )


def _align(tokens: Sequence[Token], text: str, row: Sequence[Token], values: Sequence[Counter[str]]) -> None:
    """Add to `values` what the text has at each word of the leader; nothing where it has left the word out."""
    matcher = SequenceMatcher(None, [token.masked for token in tokens], [token.masked for token in row], autojunk=False)
    for tag, left, right, start, stop in matcher.get_opcodes():
        if tag == "equal" or (tag == "replace" and right - left == stop - start):
            for index in range(right - left):
                token = row[start + index]
                values[left + index][text[token.start : token.end]] += 1
        elif tag == "replace":
            values[left][text[row[start].start : row[stop - 1].end]] += 1


def _name_slots(
    text: str, tokens: Sequence[Token], values: Sequence[Counter[str]]
) -> tuple[list[str], dict[str, list[str]]]:
    """Return the slot name of each of the leader's words, empty where there is none, and the values of each slot."""
    used: Counter[str] = Counter()
    names: list[str] = []
    slots: dict[str, list[str]] = {}
    for token, seen in zip(tokens, values, strict=True):
        if token.kind == Kind.WORD and len({value.lower() for value in seen}) < 2:
            names.append("")
            continue
        kind = "place" if token.kind == Kind.NAME and all(map(find_town, seen)) else _name_kind(token, text)
        used[kind] += 1
        name = kind if used[kind] == 1 else f"{kind}{used[kind]}"
        names.append(name)
        slots[name] = [value for value, _ in sorted(seen.items(), key=lambda item: (-item[1], item[0]))[:_MOST_VALUES]]
    return names, slots


def _name_kind(token: Token, text: str) -> str:
    """Return what a slot is called, from the form of the leader's value."""
    value = text[token.start : token.end]
    if token.kind == Kind.ADDRESS:
        return "email" if "@" in value else "handle" if text[: token.start].endswith("@") else "url"
    if token.kind == Kind.NUMBER:
        if _POSTCODE.fullmatch(value):
            return "postcode"
        return "phone" if sum(map(str.isdigit, value)) >= _PHONE_DIGITS else "number"
    return token.kind.name.lower()


def _render(text: str, tokens: Sequence[Token], names: Sequence[str]) -> str:
    parts: list[str] = []
    done = 0
    for token, name in zip(tokens, names, strict=True):
        parts += [text[done : token.start], f"{{{name}}}" if name else text[token.start : token.end]]
        done = token.end
    return "".join(parts) + ("" if len(tokens) == _LONGEST else text[done:])
