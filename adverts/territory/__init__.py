"""Where UK places lie and who polices them: outcodes, towns, forces, regions. See docs/territory.md for sources."""

from adverts.territory.tables import (
    ATTRIBUTION,
    BRITISH_TRANSPORT_POLICE,
    Area,
    Force,
    find_outcode,
    find_town,
    forces,
    iter_outcodes,
    iter_town_names,
    region_of,
)

__all__ = [
    "ATTRIBUTION",
    "BRITISH_TRANSPORT_POLICE",
    "Area",
    "Force",
    "find_outcode",
    "find_town",
    "forces",
    "iter_outcodes",
    "iter_town_names",
    "region_of",
]
