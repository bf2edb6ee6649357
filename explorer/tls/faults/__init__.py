"""TLS faults on demand: certificates minted with a fault, and loopback servers (fronts) that present them."""
