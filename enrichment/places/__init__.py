"""Reading place names: which are there, whether each is meant as a place, which namesake, and in what relation."""
