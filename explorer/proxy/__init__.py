"""An observing CONNECT proxy on loopback. It forwards bytes, never decrypts, and never changes what a client trusts."""
