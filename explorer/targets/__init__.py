"""Reads the targets of a run: URLs and Android packages."""
