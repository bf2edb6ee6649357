"""Apps and devices to try Trustwalk on: the demo's support app and the virtual Android device."""
