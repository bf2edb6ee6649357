"""Finds, boots and connects Android devices, and runs the tools and servers for that."""
