"""Watches: what somebody asked to be told of, what each night tells them, and in which form."""
