"""Pages about the product; `docs.generate` writes those that are derived from code."""
