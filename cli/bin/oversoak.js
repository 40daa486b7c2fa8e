#!/usr/bin/env node
// Committed, so that `npm ci` finds a file to link before anything is compiled.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const COULD_NOT_RUN = 2;
const MAIN = new URL('../dist/src/main.js', import.meta.url);
const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** @param {string} version */
const parts = (version) => version.replace(/^\D*/, '').split('.').map(Number);
const [major = 0, minor = 0] = parts(process.versions.node);
const [leastMajor = 0, leastMinor = 0] = parts(engines.node);

const root = fileURLToPath(new URL('../../', import.meta.url));
const isCheckout = existsSync(new URL('../../deploy/setup/setup.mjs', import.meta.url));

/** @param {string} problem */
function refuse(problem) {
  console.error(`oversoak: ${problem}`);
  process.exitCode = COULD_NOT_RUN;
}

if (major < leastMajor || (major === leastMajor && minor < leastMinor)) {
  const needed = `this is Node.js ${process.versions.node}; Node.js ${engines.node} is needed`;
  const hint = `; "npm run setup" installs it in ${root}, where "npx oversoak" then runs on it`;
  refuse(`${needed}${isCheckout ? hint : ''}`);
} else if (existsSync(MAIN)) {
  await import(MAIN.href);
} else {
  refuse(`not compiled yet; run "npm run build" in ${root}, or "npm run setup" for the demo too`);
}
