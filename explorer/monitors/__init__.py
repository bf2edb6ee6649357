"""Monitors turn records (raw lines and events) into signals and findings. Pure: no I/O."""
