"""Android packages: what is inside, read without running anything of it."""
