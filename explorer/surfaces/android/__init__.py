"""The Android surface: an app driven with Appium, and the device's log and sockets over adb."""
