"""Search engines behind one abstract provider."""
