"""The bundled support app: a portal and its backends on loopback. The TLS of each host can be broken."""
