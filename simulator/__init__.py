"""A synthetic market with known truth: worlds, and local websites that serve them."""

from simulator.records import Content, Truth, WorldInfo, WorldSummary, WorldVersion
from simulator.world import World, read_world, write_world

__all__ = ["Content", "Truth", "World", "WorldInfo", "WorldSummary", "WorldVersion", "read_world", "write_world"]
