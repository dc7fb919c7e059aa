#!/bin/sh
# build.sh: compiles the contracts and rewrites what is committed from them: artifacts/ and the Go bindings.
# Needs node and go; the compiler comes with `npm ci`.
set -eu
cd "$(dirname "$0")"

[ -d node_modules ] || npm ci --no-audit --no-fund
FOUNDRY_PROFILE=release node_modules/.bin/forge build src
node artifacts.js artifacts
cd ../chain/bind
go test . -run TestBindings -update
