"""The Android surface: an app driven with Appium, and what the device says meanwhile over adb."""
