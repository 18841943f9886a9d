"""Plain adverts of about 110 words, as many as are asked for, to measure speed on."""

import random
from collections.abc import Iterator
from typing import Final

from adverts.model import Advert

SENTENCES: Final = (
    "Hello and welcome, I am happy to meet you in my quiet flat.", "I am {age} and enjoy good talks.",
    "The flat is warm, clean and close to the station in {town}.", "Tea and a shower are there for you.",
    "One hour is £{price}, thirty minutes £{half}.", "I work from ten to eight, never on Sunday.",
    "Please be kind and on time, I will be too.", "There is free parking two streets away.",
    "I read a lot and like long walks by the sea.", "No texts without a name, please.",
    "Outcalls to hotels are possible with a day of notice.", "Call {phone} for a chat.",
)  # fmt: skip
TOWNS: Final = ("Cardiff", "Leeds", "York", "Bristol", "Glasgow", "Derby")


def iter_made(count: int) -> Iterator[Advert]:
    """Yield adverts of about 110 words with a number each, one in seven of them in words."""
    rng = random.Random(7)
    spelt = ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    for number in range(count):
        digits = f"077009{rng.randrange(100_000):05}"
        phone = " ".join(spelt[int(digit)] for digit in digits) if number % 7 == 0 else f"{digits[:5]} {digits[5:]}"
        price = rng.randrange(8, 20) * 10
        values = {"age": rng.randrange(21, 50), "town": rng.choice(TOWNS), "price": price, "half": price // 2 + 10}
        body = " ".join(rng.sample(SENTENCES, len(SENTENCES))).format(phone=phone, **values)
        yield Advert(id=f"made-{number}", title=f"Anna in {values['town']}", body=body)
