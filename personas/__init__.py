"""Personas, the simulated users, as data."""
