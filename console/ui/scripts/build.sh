#!/bin/sh
# build.sh TARGET: builds the page and puts it into TARGET (Maven's target/classes/ui).
# Does nothing if neither the sources nor the dependencies have changed since the last time.
set -eu
target=${1:?usage: build.sh TARGET}
mkdir -p "$target"
target=$(cd "$target" && pwd)
cd "$(dirname "$0")/.."

stop() {
  echo "console/ui: $1" >&2
  exit 1
}

command -v node > /dev/null && command -v npm > /dev/null ||
  stop "the console page needs Node.js 20.19 or later with npm, and there is none on the path: install it, or build without the page: -DskipUi"
node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
  process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' ||
  stop "the console page needs Node.js 20.19 or later, and this is $(node --version): install a newer one, or build without the page: -DskipUi"

hash_of() {
  find "$@" -type f | LC_ALL=C sort | xargs cat | cksum
}

# The stamps stand outside the page, beside target/classes and node_modules.
page_stamp=$target/../../ui.stamp
page=$(hash_of src public mock index.html vite.config.ts tsconfig.json package-lock.json scripts)
[ -f "$target/index.html" ] && [ "$(cat "$page_stamp" 2> /dev/null)" = "$page" ] && exit 0

modules_stamp=node_modules/.margay.stamp
modules=$(hash_of package.json package-lock.json)
if [ "$(cat "$modules_stamp" 2> /dev/null)" != "$modules" ]; then
  npm ci --prefer-offline --no-progress --loglevel=error || stop "npm ci failed: is the npm registry reachable? Build without the page: -DskipUi"
  echo "$modules" > "$modules_stamp"
fi
npm run --silent build -- --logLevel warn
rm -rf "$target"
mkdir -p "$target"
cp -R dist/. "$target"
echo "$page" > "$page_stamp"
