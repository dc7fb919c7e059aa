#!/bin/sh
# test.sh: everything CI asks of the contracts: the committed artifacts and bindings are what the sources give,
# the format is forge's, the tests pass. FOUNDRY_PROFILE=long runs many more fuzz cases and invariant runs.
set -eu
cd "$(dirname "$0")"

npm ci --no-audit --no-fund
forge=node_modules/.bin/forge

$forge fmt --check

rebuilt=$(mktemp -d)
trap 'rm -rf "$rebuilt"' EXIT
FOUNDRY_PROFILE=release $forge build src
node artifacts.js "$rebuilt"
if ! diff -r artifacts "$rebuilt" >/dev/null; then
	echo "artifacts/ is not what src compiles to; run contracts/build.sh" >&2
	exit 1
fi
(cd ../chain/bind && go test .)

$forge test
