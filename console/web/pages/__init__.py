"""One module a page: its typed context, what it reads, its endpoint."""
