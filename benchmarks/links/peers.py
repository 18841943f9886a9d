"""What others do with the same adverts: each peer gives a network for each advert, by its own usual recipe.

scikit-learn and Splink come with `pip install -e .[bench]`; without them their rows say so.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from typing import Any, Final

import networkx as nx
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from adverts.arrow import Linkables

Networks = dict[str, str | None]

_ALIKE: Final = 0.5  # cosine of TF-IDF bigrams that makes two adverts neighbours
_BATCH: Final = 2_000  # rows of the sparse product at a time
_SURE: Final = 0.9  # Splink's match probability


def link_phones(linkables: Linkables) -> Networks:
    """Return the components of adverts and phones, as an analyst's first NetworkX script has them."""
    graph: nx.Graph[tuple[str, str]] = nx.Graph()
    for kind, advert, value in _iter_mentions(linkables):
        if kind == "phone":
            graph.add_edge(("advert", advert), ("phone", value))
    found: Networks = dict.fromkeys(linkables.adverts.column("id").to_pylist())
    for number, component in enumerate(nx.connected_components(graph)):
        adverts = [value for kind, value in component if kind == "advert"]
        found.update(dict.fromkeys(adverts, str(number)) if len(adverts) > 1 else {})
    return found


def link_texts(linkables: Linkables) -> Networks:
    """Return the components of adverts whose TF-IDF bigrams are alike, by a sparse product in batches."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 -- an extra of the bench

    matrix = TfidfVectorizer(ngram_range=(2, 2), min_df=2, max_df=0.01).fit_transform(
        linkables.adverts.column("text").to_pylist()
    )
    left, right = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for start in range(0, matrix.shape[0], _BATCH):
        product = (matrix[start : start + _BATCH] @ matrix.T).tocoo()
        near = product.data >= _ALIKE
        left.append(product.row[near].astype(np.int64) + start)
        right.append(product.col[near].astype(np.int64))
    return _name_components(linkables, np.concatenate(left), np.concatenate(right))


def link_records(linkables: Linkables) -> Networks:
    """Return Splink's clusters, blocked on phone, image, and name with town; weights by expectation maximisation."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: PLC0415 -- an extra of the bench
    from splink import comparison_library as compare  # noqa: PLC0415

    logging.disable(logging.WARNING)  # it tells of every step
    firsts: dict[str, dict[str, str]] = {"phone": {}, "image": {}, "place": {}}
    for kind, advert, value in _iter_mentions(linkables):
        if kind in firsts:
            firsts[kind].setdefault(advert, value)
    rows = linkables.adverts.select(["id", "name", "age"]).to_pylist()
    table = pa.Table.from_pylist(
        [
            {"unique_id": row["id"], "name": row["name"] or None, "age": row["age"] or None}
            | {kind: values.get(row["id"]) for kind, values in firsts.items()}
            for row in rows
        ]
    )
    blocks = [block_on("phone"), block_on("image"), block_on("name", "place", "age")]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[compare.ExactMatch(name) for name in ("phone", "image", "name", "place", "age")],
        blocking_rules_to_generate_predictions=[*blocks],
    )
    api = DuckDBAPI()
    linker = Linker(api.register(table), settings)
    linker.training.estimate_probability_two_random_records_match([block_on("phone")], recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for block in blocks[:1]:
        linker.training.estimate_parameters_using_expectation_maximisation(block)
    scored = linker.inference.predict(threshold_match_probability=_SURE)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(scored, _SURE).as_record_list()
    sizes = Counter(row["cluster_id"] for row in clusters)
    return {row["unique_id"]: str(row["cluster_id"]) if sizes[row["cluster_id"]] > 1 else None for row in clusters}


PEERS: Final[dict[str, tuple[str, Callable[[Linkables], Networks]]]] = {
    "NetworkX, components of shared phones": ("networkx", link_phones),
    "scikit-learn, TF-IDF bigrams over .5": ("sklearn", link_texts),
    "Splink on DuckDB": ("splink", link_records),
}
"""What a peer is called -> the package it needs, and its recipe."""


def is_installed(package: str) -> bool:
    """Return whether a peer can run here."""
    return find_spec(package) is not None


def _iter_mentions(linkables: Linkables) -> Iterable[tuple[str, str, str]]:
    columns = [linkables.mentions.column(name).to_pylist() for name in ("kind", "advert", "value")]
    return zip(*columns, strict=True)


def _name_components(linkables: Linkables, left: "np.ndarray[Any, Any]", right: "np.ndarray[Any, Any]") -> Networks:
    ids: Sequence[str] = linkables.adverts.column("id").to_pylist()
    graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(len(ids), len(ids)))
    _, parts = connected_components(graph, directed=False)
    sizes = np.bincount(parts)
    return {advert: str(part) if sizes[part] > 1 else None for advert, part in zip(ids, parts.tolist(), strict=True)}
