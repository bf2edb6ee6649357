"""What records mean: raw lines and events in, signals and findings out. Pure: no I/O."""
