"""The search index: documents out of the store, an engine that holds them, and the analysts' query syntax.

`stage.index_store` brings the index up to the store, `searching.search` asks it, `syntax` reads what is typed.
"""
