"""Scrapy's settings of the project; a site's own pace and the product's settings are added by its spider."""

BOT_NAME = "asw"
SPIDER_LOADER_CLASS = "spiders.loader.SiteLoader"
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

# Lawful and polite
ROBOTSTXT_OBEY = True
COOKIES_ENABLED = False
REFERRER_POLICY = "no-referrer"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate",  # evidence that any tool can read in years to come
    "Accept-Language": "en",
}
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 32 * 1024 * 1024
RETRY_TIMES = 3
RETRY_HTTP_CODES = [429, 500, 502, 503, 504, 522, 524, 408]

# Pages wait for the batch that keeps them as evidence, so more are under way than the site is asked for at once
CONCURRENT_REQUESTS = 64
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "spiders.middlewares.PatientRetryMiddleware": 550,
    "spiders.middlewares.EvidenceMiddleware": 950,
}
CONCURRENT_ITEMS = 1  # our pipeline never waits; Scrapy starts this many tasks for each page (100: a third of its time)
ITEM_PIPELINES = {"spiders.pipelines.StorePipeline": 300}

# Nothing is opened, dumped or logged that we didn't ask for: Scrapy's own lines hold addresses
LOG_ENABLED = False
STATS_DUMP = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
EXTENSIONS = {"scrapy.extensions.logstats.LogStats": None}
