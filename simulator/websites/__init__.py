"""A world served as three websites on loopback, unlike one another: northgate, bazaar and lantern."""

from simulator.websites.serving import Market, serve_world

__all__ = ["Market", "serve_world"]
