"""A loopback CONNECT proxy that observes: it passes bytes on, never decrypts, and never changes anybody's trust."""
