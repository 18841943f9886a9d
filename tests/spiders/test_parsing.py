"""Strict reading: what is missing, repeated, unknown or no page at all is named, and the rest goes on."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from adverts.errors import SkipItem
from spiders.select import Facts, read_links, read_text, select_maybe, select_one
from spiders.site import Found
from spiders.sites import load_sites

SITES = load_sites()
ADVERT = (
    '<main><article data-ref="r1"><h1>Title</h1><div class="text">Body</div><dl><dt>Name</dt><dd>Ann</dd>'
    '<dt>Posted</dt><dd><time datetime="2026-01-01T00:00:00Z">then</time></dd></dl></article></main>'
)


def _read_northgate(html: str) -> tuple[list[Found], list[str]]:
    page = SITES["northgate"].parse(html.encode(), "http://127.0.0.1:1/advert/r1")
    return list(page.found), [skip.reason for skip in page.skipped]


def test_a_whole_advert_is_read_and_what_is_not_known_is_kept_apart() -> None:
    found, skipped = _read_northgate(ADVERT.replace("</dl>", "<dt>Shoe size</dt><dd>5</dd></dl>"))
    assert skipped == []
    assert (found[0].fields["name"], found[0].fields["extra"]) == ("Ann", {"shoe size": "5"})


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("<h1>Title</h1>", "", "title_missing"),
        ("<h1>Title</h1>", "<h1>a</h1><h1>b</h1>", "title_repeated"),
        ('data-ref="r1"', "", "data-ref_missing"),
        ("<dd>Ann</dd>", "", "facts_uneven"),
        ("</dl>", "<dt>Name</dt><dd>Bea</dd></dl>", "name_repeated"),
        ("article", "section", "article_missing"),
    ],
)
def test_a_page_that_changed_is_noticed(before: str, after: str, reason: str) -> None:
    assert _read_northgate(ADVERT.replace(before, after)) == ([], [reason])


def test_one_broken_card_does_not_take_the_others_with_it() -> None:
    card = '<article class="card" data-ref="{}"><h2>t</h2><p class="body">b</p><dl></dl></article>'
    html = "<body>" + card.format(1) + card.format(2).replace("<h2>t</h2>", "") + card.format(3) + '<p id="end"></p>'
    page = SITES["lantern"].parse(html.encode(), "http://127.0.0.1:1/town/leeds")
    assert [found.fields["ref"] for found in page.found] == ["1", "3"]
    assert [skip.reason for skip in page.skipped] == ["title_missing"]


def test_a_browser_page_that_never_came_to_its_end_says_so() -> None:
    page = SITES["lantern"].parse(b"<body><main></main>", "http://127.0.0.1:1/town/leeds")
    assert [skip.reason for skip in page.skipped] == ["page_incomplete"]


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7 \0\0", b'{"a": 1}', b"\x89PNG\r\n", b"plain words"])
def test_what_is_not_html_is_not_read(body: bytes) -> None:
    with pytest.raises(SkipItem) as skip:
        SITES["northgate"].parse(body, "http://127.0.0.1:1/")
    assert skip.value.reason == "not_html"


def test_an_address_of_no_known_kind_is_not_read() -> None:
    with pytest.raises(SkipItem) as skip:
        SITES["northgate"].parse(b"<html>", "http://127.0.0.1:1/report/1")
    assert skip.value.reason == "unknown_page"


def test_latin_1_and_references_beyond_it_are_read_as_a_browser_would() -> None:
    html = '<table id=ad><tr><td><h3>&#128139; \xa3</h3><td class=txt>a<br><br>b <tr><td><a class=contact href="c?k=1">'
    page = SITES["bazaar"].parse(f"<span id=no>7</span>{html}".encode("latin-1"), "http://127.0.0.1:1/ad.php?id=7")
    assert [(found.fields["title"], found.fields["body"]) for found in page.found] == [("\U0001f48b \xa3", "a\n\nb")]
    assert page.found[0].rest == "http://127.0.0.1:1/c?k=1"


def test_two_pages_of_an_advert_are_one_only_when_they_name_the_same() -> None:
    first = Found({"ref": "1", "title": "t"}, rest="x")
    assert first.merge(Found({"ref": "1", "phones": ["07700 900123"]})).to_advert("bazaar", "").phones
    with pytest.raises(SkipItem, match="another one"):
        first.merge(Found({"ref": "2", "phones": []}))


def test_selectors_want_exactly_one() -> None:
    tree = LexborHTMLParser("<p>a<p> b <i>c</i>\n")
    assert read_text(select_one(tree, "i", "word")) == "c"
    assert read_text(select_maybe(tree, "b", "word")) == ""
    with pytest.raises(SkipItem, match="no word"):
        select_one(tree, "b", "word")
    with pytest.raises(SkipItem, match="2 of word"):
        select_maybe(tree, "p", "word")


def test_links_are_absolute_without_fragment_and_once() -> None:
    tree = LexborHTMLParser('<a href="../x?a=1#t"></a><a href="/x?a=1"></a><a href="http://other.example.com/"></a>')
    assert read_links(tree, "a", "http://h/y/z") == ["http://h/x?a=1", "http://other.example.com/"]


def test_facts_are_taken_out_once() -> None:
    facts = Facts([("Name:", "a"), (" TEL", "1"), ("Tel", "2"), ("Odd", "x")])
    assert (facts.pop("name"), facts.pop("name"), list(facts.pop_all("tel"))) == ("a", "", ["1", "2"])
    assert facts.pop_rest() == {"odd": "x"}
    assert facts.pop_rest() == {}
