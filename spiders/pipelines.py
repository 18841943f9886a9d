"""Item pipeline: adverts into the store, in batches."""

from typing import Self

import msgspec
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from adverts.errors import StopRun
from adverts.model import Advert, Json
from spiders.spider import CAPTURE, SiteSpider


class StorePipeline:
    """Hands each advert to the night, which stores them in batches."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline of a crawl."""
        return cls(crawler)

    def process_item(self, item: Json) -> Json:
        """Return the item, which is an advert record with the id of its capture."""
        spider = self._crawler.spider
        assert isinstance(spider, SiteSpider)
        record = {key: value for key, value in item.items() if key != CAPTURE}
        try:
            spider.collection.add(msgspec.convert(record, Advert), item[CAPTURE])
        except StopRun as stop:
            raise DropItem("the store takes no more") from stop
        return item
