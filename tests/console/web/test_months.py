"""The months of a result: a bar each, none left out between the first and the last."""

import re
from pathlib import Path

import httpx

from adverts.runs import record_run
from adverts.store import Store
from console.web.drawing.months import MOST, draw_months
from indexer.stage import index_store
from tests.builders import NIGHT, fill_store, make_advert, make_providers
from tests.console.web.serving import serve_store, sign_in


def test_months_stand_side_by_side_without_a_gap() -> None:
    drawn = draw_months({"2025-11": 4, "2026-02": 8})
    assert drawn is not None
    assert [(bar.month, bar.count) for bar in drawn.bars] == [
        ("2025-11", 4), ("2025-12", 0), ("2026-01", 0), ("2026-02", 8),
    ]  # fmt: skip
    assert [bar.height for bar in drawn.bars] == [28.0, 0.0, 0.0, 56.0]
    assert all(bar.y + bar.height == drawn.height for bar in drawn.bars)
    assert drawn.bars[-1].x + drawn.bars[-1].width <= drawn.width


def test_one_month_is_no_drawing_and_what_is_old_is_counted() -> None:
    assert draw_months({"2026-01": 9}) is None
    drawn = draw_months({"2019-01": 3, "2026-01": 9})
    assert drawn is not None
    assert (len(drawn.bars), drawn.older) == (MOST, 3)


def test_each_bar_leads_to_its_own_month(store: Store, tmp_path: Path) -> None:
    days = ["2026-01-05", "2026-01-09", "2026-03-01"]
    fill_store(store, [make_advert(day, body="in town", seen_at=day) for day in days])
    providers = make_providers()
    with record_run(store, "index", NIGHT) as run:
        index_store(store, providers["adverts"], run)
    with serve_store(store, providers, tmp_path) as served, httpx.Client(base_url=served.url) as client:
        assert sign_in(client, served).status_code == 303
        html = client.get("/search", params={"q": "town"}).text
        links = re.findall(r'<a href="([^"]+)" aria-label="(\w+ \d{4}: \d adverts?)"', html)
        assert [said for _, said in links] == ["Jan 2026: 2 adverts", "Mar 2026: 1 advert"]
        narrowed = client.get(links[0][0].replace("&amp;", "&").replace("/search", "/search.json")).json()
        assert (narrowed["total"], narrowed["months"]) == (2, None)
