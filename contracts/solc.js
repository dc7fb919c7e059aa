#!/usr/bin/env node
// solc.js gives Foundry the npm wasm compiler under the native compiler's command line. Foundry uses two calls:
// `--version`, and `--standard-json` with the input on stdin. Imports are resolved by Foundry beforehand.
"use strict";

const fs = require("node:fs");
const solc = require("solc");

if (process.argv.includes("--version")) {
  // solc.version() is "0.8.37+commit.<hash>.Emscripten.clang".
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`);
} else if (process.argv.includes("--standard-json")) {
  process.stdout.write(solc.compile(fs.readFileSync(0, "utf8")));
} else {
  process.stderr.write("solc.js: only --version and --standard-json are supported\n");
  process.exit(2);
}
