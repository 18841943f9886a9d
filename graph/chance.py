"""Chance: how alike two texts of different hands get in the market at hand, so that "alike" means more than that.

Markets differ: where everyone writes the same few sentences, strangers share a fifth of their weight; where everyone
writes freely, a tenth shared is no accident. A fixed bar is too low for the one and too high for the other.
"""

from typing import Final

import numpy as np

from graph.components import label_nodes
from graph.shingles import Matrix, compare_rows
from graph.words import Ints

SURE: Final = 0.35  # cosine of two texts that nobody takes for chance
LEAST: Final = 0.09  # cosine below which two texts are never edits of one
_USUAL: Final = 0.2  # what is enough where too few texts stand apart to measure chance
_FEWEST: Final = 50  # texts that stand apart, for chance to be measured
_TRIED: Final = 200_000  # pairs of strangers that it is measured on
_TAIL: Final = (0.01, 0.2)  # share of the pairs that stands for the most alike, in a large market and a small one
# Tuned on `benchmarks/templates.py` with 1,200, 5,000 and 20,000 texts, and on a market of another vocabulary.
_RARER_THAN_A_NEIGHBOUR: Final = 100


def measure_chance(matrix: Matrix, left: Ints, right: Ints, partners: int) -> float:
    """Return the cosine that hardly any two strangers would reach, were every text compared with every other.

    `left` and `right` are the pairs that are `SURE` to be edits of one text: one stands for all. Among strangers the
    cosine of the most alike pair in 10, 100, 1,000 ... grows by even steps, so the step from one pair in 100 to one in
    200 tells how far the most alike of all reach; where more than one pair in 100 is of one hand, as in a small market
    where a text has so many `partners`, the step is taken further down.
    """
    strangers = _pick_strangers(matrix.shape[0], left, right)
    if len(strangers) < _FEWEST:
        return _USUAL
    rng = np.random.default_rng(len(strangers))
    one, other = rng.choice(strangers, _TRIED), rng.choice(strangers, _TRIED)
    chance = compare_rows(matrix, one[one != other], other[one != other])
    tail = float(np.clip(partners / len(strangers), *_TAIL))
    often, seldom = np.quantile(chance[chance < SURE], (1 - tail, 1 - tail / 2))
    step = (seldom - often) / np.log(2)
    steps = np.log(len(strangers) * _RARER_THAN_A_NEIGHBOUR * tail)
    return float(np.clip(often + steps * step, LEAST, SURE))


def _pick_strangers(size: int, left: Ints, right: Ints) -> Ints:
    """Return one row of each group that the pairs connect."""
    return np.unique(label_nodes(size, left, right), return_index=True)[1].astype(np.int64)
