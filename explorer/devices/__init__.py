"""The devices on which an app is explored: browsers and Android devices, and the tools that they need."""
