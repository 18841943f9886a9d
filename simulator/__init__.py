"""A synthetic market with known truth: worlds, and local websites that serve them."""
