"""Android devices: found, booted, connected, and the tools and servers that this takes."""
