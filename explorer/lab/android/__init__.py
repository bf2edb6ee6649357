"""The virtual Android device: a program with scripted apps that looks like a device to adb and Appium."""
