"""The sites: one module each, with its definition in `SITE`. A new module here is a new site."""

import pkgutil
from importlib import import_module

from spiders.site import Site


def load_sites() -> dict[str, Site]:
    """Return every site by name, in the order of the names."""
    modules = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    sites: list[Site] = [module.SITE for module in modules]
    return {site.name: site for site in sorted(sites, key=lambda site: site.name)}
