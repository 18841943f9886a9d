"""What the bench of linking is made of: a market of another style, scores, and peers."""
