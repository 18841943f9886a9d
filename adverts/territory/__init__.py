"""Where UK places lie and who polices them: outcodes, towns, forces, regions. See docs/territory.md for sources."""

from adverts.territory.areas import Area, find_outcode, iter_outcodes, measure_km
from adverts.territory.forces import BRITISH_TRANSPORT_POLICE, Force, ForceTable, forces, region_of
from adverts.territory.gazetteer import (
    ATTRIBUTION,
    find_area_code,
    find_town,
    fold_name,
    iter_town_names,
    list_namesakes,
)

__all__ = [
    "ATTRIBUTION",
    "BRITISH_TRANSPORT_POLICE",
    "Area",
    "Force",
    "ForceTable",
    "find_area_code",
    "find_outcode",
    "find_town",
    "fold_name",
    "forces",
    "iter_outcodes",
    "iter_town_names",
    "list_namesakes",
    "measure_km",
    "region_of",
]
