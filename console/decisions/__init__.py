"""Analysts' decisions: what each would change, and the append-only ledger of those made. The graph reads the ledger."""
