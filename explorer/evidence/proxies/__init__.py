"""Reads the session files of debugging proxies, each as entries of a HAR: Fiddler, Charles, mitmproxy."""
