"""The bundled support app: a portal and its backends on loopback, over real TLS that can be broken host by host."""
