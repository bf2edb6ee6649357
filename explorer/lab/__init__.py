"""Test targets for Trustwalk: the demo's support app and the virtual Android device."""
