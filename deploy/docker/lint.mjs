// Lints the Dockerfiles: node deploy/docker/lint.mjs [FILE...]. dockerfile-utils checks the
// language, ShellCheck the scripts of RUN, and dockerfile-rules.mjs the rest.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkDockerfile } from './dockerfile-rules.mjs';

const given = process.argv.slice(2);
const files = given.length > 0 ? given : [fileURLToPath(new URL('./Dockerfile', import.meta.url))];
let found = 0;

for (const file of files) {
  const { findings, scripts } = checkDockerfile(readFileSync(file, 'utf8'));
  for (const { line, text } of [...findings, ...scripts.flatMap(shellCheck)]) {
    console.error(`${file}:${line}: ${text}`);
    found += 1;
  }
}
if (found === 0) console.log(`Dockerfiles: ${files.length} without a finding`);
else process.exitCode = 1;

function shellCheck(script) {
  const options = ['--shell', 'sh', '--format', 'json', '-'];
  const result = spawnSync('shellcheck', options, { input: script.text, encoding: 'utf8' });
  // Status 1: findings. Any other status is a failure of ShellCheck itself.
  if (result.error || ![0, 1].includes(result.status)) {
    const reason = result.error?.message ?? result.stderr;
    throw new Error(`shellcheck (Debian package of this name) did not run: ${reason}`);
  }
  return JSON.parse(result.stdout).map(({ line, code, message }) => ({
    line: script.line + line - 1,
    text: `SC${code} ${message}`,
  }));
}
