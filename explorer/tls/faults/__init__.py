"""TLS faults to order: certificates minted with a fault, and fronts that present them on loopback."""
