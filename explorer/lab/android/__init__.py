"""The virtual Android device: a program that adb and Appium take for a device, with scripted apps on it."""
