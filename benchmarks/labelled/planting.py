"""Values to plant in composed adverts: each drawn with the form it is written in and the value it must be read as."""

import random
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from benchmarks.labelled.disguises import disguise_number
from benchmarks.labelled.words import read_values

_LANDLINES: Final = (("020", "7946", "0"), ("0121", "496", "0"), ("0161", "496", "0"), ("029", "2018", "0"))
_TIMES: Final = (
    (15, ("15 mins", "15 min", "quarter of an hour", "15 minutes")),
    (30, ("half hour", "30 mins", "half an hour", "30 minutes", "1/2 hour", "hh", "30min")),
    (45, ("45 mins", "45 minutes")),
    (60, ("hour", "1 hour", "one hour", "60 mins", "1hr", "1h", "an hour", "full hour")),
    (120, ("2 hours", "two hours", "2hrs", "120 mins")),
    (720, ("overnight", "all night")),
)
_STONE, _POUND, _INCH, _FOOT = 6.35029318, 0.45359237, 2.54, 30.48


class Planted(NamedTuple):
    """What is written in a slot, and what must be read out of it, by kind; `note` says how it was written."""

    written: str
    expect: dict[str, list[str]]
    note: str = ""


def plant_phone(region: str, rng: random.Random) -> Planted:
    """Return a drama number of the region under a composition of disguises."""
    groups, code = _draw_number(region, rng), "1" if region == "US" else "44"
    number = f"+{code}{''.join(groups).removeprefix('0')}"
    if region == "GB" and rng.random() < 0.1:
        groups = [
            rng.choice(("+44", "0044", "+44 (0)")),
            *(group.removeprefix("0") for group in groups[:1]),
            *groups[1:],
        ]
        return Planted(" ".join(groups), {"phone": [number]}, "international")
    disguised = disguise_number(groups, rng)
    return Planted(disguised.text, {"phone": [number]}, f"{disguised.style} | {disguised.parting}")


def _draw_number(region: str, rng: random.Random) -> list[str]:
    if region == "US":
        return [rng.choice(read_values("area_code")), "555", f"01{rng.randrange(100):02}"]
    if rng.random() < 0.15:
        code, exchange, lead = rng.choice(_LANDLINES)
        return [code, exchange, f"{lead}{rng.randrange(1000):03}"]
    rest = f"9{rng.randrange(100_000):05}"
    return ["07700", rest[:3], rest[3:]] if rng.random() < 0.7 else ["0770", f"0{rest[:3]}", rest[3:]]


def plant_email(_: str, rng: random.Random) -> Planted:
    name, host = rng.choice(read_values("name")).lower(), rng.choice(("example.com", "example.org", "example.co.uk"))
    spelt = f"{name} at {host.replace('.', ' dot ')}"
    boxed = f"{name}[at]{host.replace('.', '[dot]')}"
    return Planted(rng.choice((f"{name}@{host}", f"{name}@{host}", spelt, boxed)), {"email": [f"{name}@{host}"]})


def plant_url(_: str, rng: random.Random) -> Planted:
    name = rng.choice(read_values("name")).lower()
    address = rng.choice((f"https://{name}.example.com/about", f"www.{name}.example.com", f"{name}.example.com"))
    return Planted(address, {"url": [address]})


def plant_handle(_: str, rng: random.Random) -> Planted:
    name = f"{rng.choice(read_values('name')).lower()}_{rng.randrange(10, 99)}"
    service, shapes = rng.choice(
        (
            ("telegram", ("Telegram: @{}", "telegram @{}", "t.me/{}", "tg: {}")),
            ("snapchat", ("Snapchat: {}", "snap - {}", "snapchat.com/add/{}")),
            ("instagram", ("Instagram: @{}", "insta @{}", "@{} on instagram")),
            ("onlyfans", ("onlyfans.com/{}", "OnlyFans: {}")),
            ("x", ("Twitter: @{}", "twitter.com/{}", "@{} on twitter")),
        )
    )
    return Planted(rng.choice(shapes).format(name), {"handle": [f"{service}:{name}"]})


def plant_age(_: str, rng: random.Random) -> Planted:
    age = str(rng.randrange(19, 59))
    return Planted(age, {"age": [age]})


def plant_height(_: str, rng: random.Random) -> Planted:
    if rng.random() < 0.4:
        metric = rng.randrange(150, 186)
        return Planted(rng.choice((f"{metric}cm", f"{metric} cm", f"1.{metric - 100:02}m")), {"height": [str(metric)]})
    inches = rng.randrange(1, 12)
    shapes = ("5'{}", "5'{}\"", "5ft {}", "5 foot {}", "5ft{}", "5 ft {} in", "5’{}")
    return Planted(rng.choice(shapes).format(inches), {"height": [str(round(5 * _FOOT + inches * _INCH))]})


def plant_weight(region: str, rng: random.Random) -> Planted:
    if region == "US":
        pounds = rng.randrange(100, 180)
        shape = rng.choice(("{} lbs", "{}lbs", "{} pounds", "{} lb"))
        return Planted(shape.format(pounds), {"weight": [str(round(pounds * _POUND))]})
    stone, pounds, kilos = rng.randrange(8, 13), rng.randrange(1, 14), rng.randrange(47, 85)
    written, weight = rng.choice(
        (
            (f"{stone} stone", stone * _STONE),
            (f"{stone} stone {pounds}", stone * _STONE + pounds * _POUND),
            (f"{stone}st {pounds}lb", stone * _STONE + pounds * _POUND),
            (f"{kilos}kg", kilos),
            (f"{kilos} kilos", kilos),
        )
    )
    return Planted(written, {"weight": [str(round(weight))]})


def plant_name(_: str, rng: random.Random) -> Planted:
    name = rng.choice(read_values("name"))
    return Planted(name, {"name": [name]})


def plant_nationality(_: str, rng: random.Random) -> Planted:
    nation = rng.choice(read_values("nationality"))
    return Planted(nation, {"nationality": [nation]})


def plant_language(_: str, rng: random.Random) -> Planted:
    spoken = rng.sample(read_values("language"), rng.randrange(1, 4))
    written = " and ".join(filter(None, (", ".join(spoken[:-1]), spoken[-1])))
    return Planted(written, {"language": spoken})


def plant_postcode(_: str, rng: random.Random) -> Planted:
    code = rng.choice(read_values("postcode"))
    return Planted(code, {"postcode": [code]})


def plant_place(_: str, rng: random.Random) -> Planted:
    place = rng.choice(read_values("place"))
    return Planted(place, {"place": [place]})


def plant_rates(region: str, rng: random.Random) -> Planted:
    """Return a table of prices for two to four times; the hour, where it is among them, is the advert's rate."""
    sign, currency = ("$", "USD") if region == "US" else ("£", "GBP")
    shape, joint = rng.choice(
        (
            ("{sign}{price} for {time}", ", "), ("{time} {sign}{price}", ", "), ("{time} - {sign}{price}", "\n"),
            ("{time}: {sign}{price}", "\n"), ("{sign}{price} {time}", " / "), ("{time} = {sign}{price}", " | "),
            ("{sign}{price}/{time}", " "),
        )
    )  # fmt: skip
    rows, prices, base = [], [], rng.randrange(7, 30) * 10
    for minutes, times in sorted(rng.sample(_TIMES, rng.randrange(2, 5))):
        price = max(30, base * minutes // 60 // 10 * 10)
        rows.append(shape.format(sign=sign, price=price, time=rng.choice(times)))
        prices.append(f"{currency} {price}/{minutes}")
    return Planted(joint.join(rows), {"price": prices, "hourly": [each for each in prices if each.endswith("/60")]})


PLANTERS: Final[dict[str, Callable[[str, random.Random], Planted]]] = {
    "phone": plant_phone, "email": plant_email, "url": plant_url, "handle": plant_handle, "age": plant_age,
    "height": plant_height, "weight": plant_weight, "name": plant_name, "nationality": plant_nationality,
    "language": plant_language, "postcode": plant_postcode, "place": plant_place, "rates": plant_rates,
}  # fmt: skip
BRITISH: Final[Sequence[str]] = ("postcode", "place")
"""Slots that adverts of other regions have none of."""
