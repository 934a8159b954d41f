# Installs the browser that the page tests drive, where that can be done without asking: Chromium
# as it is without windows, which takes half as long, else the whole of it.
# Elsewhere says how; the page tests then fail, the others run.
install() {
    apt-get install -y --no-install-recommends "$1" fonts-dejavu-core > /dev/null 2>&1
}

command -v chromium-headless-shell > /dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    echo "Installing chromium-headless-shell for the page tests (once)." >&2
    install chromium-headless-shell && exit 0
fi
for name in chromium chromium-browser google-chrome; do
    command -v "$name" > /dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    apt-get update > /dev/null 2>&1
    if install chromium-headless-shell || install chromium; then
        exit 0
    fi
fi
echo "The page tests need Chromium on the PATH: install it" \
    "(on Debian: apt-get install chromium-headless-shell)." >&2
