"""Reads packet captures: from frames over TCP to the handshakes of TLS, as far as they are not encrypted."""
