"""The one normaliser: a text with every disguise undone, traceable character by character to the published one."""
