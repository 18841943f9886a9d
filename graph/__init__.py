"""Linking: adverts that one control seems to publish, with the reasons for saying so. Empty on purpose: the web process
uses parts of it and must not load the engines of the rest.
"""
