"""Makes a Scrapy spider of each site definition, so that a new site is one new module and nothing else."""

from typing import Self

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from spiders.sites import load_sites
from spiders.spider import SiteSpider


class SiteLoader:
    """Scrapy's spider loader over `spiders.sites`."""

    def __init__(self) -> None:
        self._sites = load_sites()

    @classmethod
    def from_settings(cls, _: BaseSettings) -> Self:
        """Return the loader."""
        return cls()

    def load(self, spider_name: str) -> type[Spider]:
        """Return the spider class of a site; KeyError when there is none of that name."""
        site = self._sites[spider_name]
        return type(f"{spider_name.title()}Spider", (SiteSpider,), {"name": spider_name, "site": site})

    def find_by_request(self, _: Request) -> list[str]:
        """Return no name: an address alone doesn't say which site's rules to go by."""
        return []

    def list(self) -> list[str]:
        """Return the names of all sites."""
        return [*self._sites]
