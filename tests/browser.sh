# Installs the browser that the page tests drive, where that can be done without asking.
# Elsewhere says how; the page tests then fail, the others run.
for name in chromium chromium-browser google-chrome; do
    command -v "$name" > /dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    echo "Installing chromium for the page tests (once)." >&2
    if { apt-get install -y --no-install-recommends chromium fonts-dejavu-core ||
        { apt-get update && apt-get install -y --no-install-recommends chromium fonts-dejavu-core; }
    } > /dev/null 2>&1; then
        exit 0
    fi
fi
echo "The page tests need Chromium on the PATH: install it" \
    "(on Debian: apt-get install chromium)." >&2
