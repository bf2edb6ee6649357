"""Reads facts from files that people already have: recordings of requests, net logs and certificates."""
