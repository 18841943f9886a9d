"""Reading what an advert asks: amounts, times, which belongs to which, and what an amount is for."""

from enrichment.rates.purposes import USUAL
from enrichment.rates.reading import Rated, read_rates

__all__ = ["USUAL", "Rated", "read_rates"]
