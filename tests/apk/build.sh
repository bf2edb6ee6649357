#!/bin/sh
# Builds the two small APKs of the tests, with Debian packages only:
#   aapt apksigner zipalign libsmali-java android-framework-res default-jdk-headless zip
# A new debug key signs each build, so the files differ from build to build in their signatures.
set -eu
for tool in aapt2 zipalign apksigner java keytool zip; do
    command -v "$tool" >/dev/null || { echo "make apk: $tool is missing. Debian has it: apt-get install aapt apksigner zipalign \
libsmali-java android-framework-res default-jdk-headless zip" >&2; exit 2; }
done
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
framework=/usr/share/android-framework-res/framework-res.apk
java=/usr/share/java
smali=$java/smali.jar:$java/smali-util.jar:$java/dexlib2.jar:$java/guava.jar:$java/antlr3-runtime.jar:$java/jcommander.jar
keytool -genkeypair -keystore "$work/debug.keystore" -storepass android -keypass android -alias androiddebugkey \
    -dname "CN=Android Debug,O=Android,C=US" -keyalg RSA -keysize 2048 -validity 10000 >/dev/null 2>&1

build() { # source folder, target file
    out=$work/$(basename "$1"); mkdir "$out"
    aapt2 compile --dir "$1/res" -o "$out/res.zip"
    aapt2 link -o "$out/base.apk" -I "$framework" --manifest "$1/AndroidManifest.xml" "$out/res.zip"
    java -cp "$smali" org.jf.smali.Main assemble --api 26 -o "$out/classes.dex" "$1/smali"
    (cd "$out" && zip -q -X -j base.apk classes.dex)
    zipalign -f -p 4 "$out/base.apk" "$out/aligned.apk"
    apksigner sign --ks "$work/debug.keystore" --ks-pass pass:android --key-pass pass:android \
        --out "$out/signed.apk" "$out/aligned.apk"
    apksigner verify --min-sdk-version 26 "$out/signed.apk"
    cp "$out/signed.apk" "$2"
}

build "$here/supportdesk" "$here/../../explorer/lab/android/supportdesk.apk"
build "$here/careless" "$here/careless.apk"
