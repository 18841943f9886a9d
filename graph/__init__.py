"""Linking: adverts that one control seems to publish, with the reasons for saying so."""

from graph.clustering import cluster
from graph.templates import Template, find_templates

__all__ = ["Template", "cluster", "find_templates"]
