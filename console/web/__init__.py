"""The web console: server-rendered pages over the store and the search index, each with a JSON twin."""
