"""Reads Android packages without running any of their code."""
