"""Turns browser events into signals and exchanges."""
