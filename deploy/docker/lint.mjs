// Lints the Dockerfiles: node deploy/docker/lint.mjs [FILE...]. dockerfile-utils checks the
// language, ShellCheck the scripts of RUN, and dockerfile-rules.mjs the rest; what a COPY takes has
// to be among the committed files that .dockerignore leaves.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../setup/paths.mjs';
import { buildContext } from './build-context.mjs';
import { checkDockerfile } from './dockerfile-rules.mjs';

const given = process.argv.slice(2);
const files = given.length > 0 ? given : [fileURLToPath(new URL('./Dockerfile', import.meta.url))];
const context = buildContext(readFileSync(join(root, '.dockerignore'), 'utf8'), repositoryFiles());
let found = 0;

for (const file of files) {
  const { findings, scripts } = checkDockerfile(readFileSync(file, 'utf8'), context);
  for (const { line, text } of [...findings, ...scripts.flatMap(shellCheck)]) {
    console.error(`${file}:${line}: ${text}`);
    found += 1;
  }
}
if (found === 0) console.log(`Dockerfiles: ${files.length} without a finding`);
else process.exitCode = 1;

/** The committed files, and those that are about to be. */
function repositoryFiles() {
  const options = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const result = spawnSync('git', options, { cwd: root, encoding: 'utf8', maxBuffer: 16 << 20 });
  if (result.error || result.status !== 0) {
    throw new Error(`git did not list the files: ${result.error?.message ?? result.stderr}`);
  }
  return result.stdout.split('\n').filter((file) => file !== '');
}

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
