#!/bin/sh
# Prints the path of a Chromium for the tests: one on PATH, else playwright's, else Debian's package. Says which.
bin=$1
say() { echo "chromium: $1" >&2; }
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if path=$(command -v "$name"); then say "using $path, found on PATH"; echo "$path"; exit 0; fi
done
downloaded() { "$bin/python" -c 'from playwright.sync_api import sync_playwright as p
with p() as play: print(play.chromium.executable_path)' 2>/dev/null; }
path=$(downloaded)
if [ -x "$path" ]; then say "using $path, installed by playwright"; echo "$path"; exit 0; fi
say "none on PATH; trying: playwright install chromium"
if timeout 300 "$bin/playwright" install chromium >/dev/null 2>&1 && path=$(downloaded) && [ -x "$path" ]; then
    say "using $path, installed by playwright"; echo "$path"; exit 0
fi
if command -v apt-get >/dev/null; then
    say "playwright could not download one; trying Debian's package"
    sudo=$(test "$(id -u)" = 0 || echo "sudo -n")
    if $sudo apt-get update -qq >/dev/null 2>&1 && $sudo apt-get install -y -qq chromium >/dev/null 2>&1 && path=$(command -v chromium); then
        say "using $path, installed from Debian's package"; echo "$path"; exit 0
    fi
fi
say "none can be had. Install Chromium or Chrome so that 'chromium' or 'google-chrome' is on PATH, then run make test again."
exit 1
