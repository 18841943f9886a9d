"""A page names an advert by each form of its address, never by a part of another; the cost is that of reading once."""

import time

import pytest

from console.web.links import Links

PAGE = "https://north.example.com/leeds/list?page=2"


@pytest.mark.parametrize(
    "text",
    [
        "<a href='/leeds/12'>", "<a href=/leeds/12>", '<a href="https://north.example.com/leeds/12">', '<a href="12">',
        '<a href="//north.example.com/leeds/12/">', '<a href="../leeds/12">', '<a href="./12?from=list#top">',
        "north.example.com/leeds/12.", '{"url": "https:\\/\\/north.example.com\\/leeds\\/12"}', "[leeds/12]",
        '<i data-all="{&quot;url&quot;:&quot;/leeds/12&quot;}">', "<a href='&#47;leeds&#x2F;12'>", "url(/leeds/12)",
        "<base href='/leeds/x/'><a href='../12'>", "<a href='/leeds/%31%32'>", '<a href="/go?to=/leeds/12">',
    ],
)  # fmt: skip
def test_each_form_of_an_address_is_the_advert(text: str) -> None:
    assert Links(text, PAGE).name_any(["https://north.example.com/other", "https://north.example.com/leeds/12"])


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/a", "<p><a href='/b'>n/a</a> a"), ("/leeds/1", "<a href='/leeds/12'>"), ("/12", "<a href='/leeds/12'> 12"),
        ("/leeds/12", "12 of 13"), ("/ad?id=5", "<a href='/ad?id=51'>"), ("/ad?id=5", "<a href='/ad'>"),
        ("/", "<a href='/'>"), ("/lee", ""),
    ],
)  # fmt: skip
def test_a_part_of_another_address_is_not_the_advert(path: str, text: str) -> None:
    assert not Links(text, PAGE).name_any([f"https://north.example.com{path}"])


@pytest.mark.parametrize("text", ["<a href='/ad?id=5'>", "<a href='/ad?from=list&amp;id=5&amp;x'>", "ad?id=5&x=1"])
def test_a_query_may_say_more_than_the_adverts(text: str) -> None:
    assert Links(text, "https://north.example.com/").name_any(["https://north.example.com/ad?id=5"])


def test_the_page_itself_counts() -> None:
    assert Links("", PAGE).name_any(["https://north.example.com/leeds/list"])


@pytest.mark.parametrize("unit", ["<a href='/b/1'>x</a> ", "&#9", "/", "../", "href ", "<base ", "a?b&", "url=", "("])
def test_many_adverts_and_a_long_page_cost_their_sum(unit: str) -> None:
    urls = [f"https://north.example.com/leeds/{number}" for number in range(100_000)]
    started = time.process_time()
    assert not Links(unit * (400_000 // len(unit)), PAGE).name_any(urls)
    assert time.process_time() - started < 8  # seconds, on a machine that others load; a product takes far longer
