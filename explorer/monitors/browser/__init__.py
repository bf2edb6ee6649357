"""Browser events into signals and exchanges."""
