#!/usr/bin/env node
// artifacts.js DIR: writes the part of Foundry's output that is committed, one file per contract: its ABI and
// creation bytecode, and which compiler made them. Same sources, same bytes.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const contracts = ["Receivable", "Notary", "Escrow", "TestDollar"];

const dir = process.argv[2];
if (!dir) {
  process.stderr.write("usage: artifacts.js DIR\n");
  process.exit(2);
}
fs.mkdirSync(dir, { recursive: true });
for (const name of contracts) {
  const built = path.join(__dirname, "out", "release", `${name}.sol`, `${name}.json`);
  const { abi, bytecode, metadata } = JSON.parse(fs.readFileSync(built, "utf8"));
  const artifact = {
    contract: name,
    compiler: metadata.compiler.version,
    evm: metadata.settings.evmVersion,
    abi,
    bytecode: bytecode.object,
  };
  fs.writeFileSync(path.join(dir, `${name}.json`), JSON.stringify(artifact, null, 2) + "\n");
}
