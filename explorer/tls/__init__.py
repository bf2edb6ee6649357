"""What TLS servers show, why clients refuse it, and servers that are broken on purpose."""
