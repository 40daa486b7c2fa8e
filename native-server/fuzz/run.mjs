// Builds the fuzzer of the wire and runs it from the kept corpus:
//   npm run fuzz [-- --seconds 60] [--keep] [--if-clang]
// --keep: adds to the corpus what reached new code. --if-clang: without clang, says so and ends well.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { programOnPath } from '../../deploy/setup/command.mjs';
import { root } from '../../deploy/setup/paths.mjs';

const PRESET = 'linux-fuzz';
const LONGEST_INPUT_BYTES = 2048;
/** Newest first; Debian's own package, clang, is whatever the release has. */
const COMPILERS = ['clang++', ...Array.from({ length: 10 }, (_, i) => `clang++-${23 - i}`)];

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    keep: { type: 'boolean', default: false },
    'if-clang': { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
if (!Number.isInteger(seconds) || seconds < 1) {
  console.error(`--seconds: must be a whole number from 1 on, not "${values.seconds}"`);
  process.exit(2);
}

const folder = join(root, 'native-server');
const corpus = join(folder, 'fuzz', 'corpus');
const build = join(folder, 'build', PRESET);
const found = join(build, 'corpus');
const fuzzer = join(build, 'oversoak_fuzz');

const compiler = COMPILERS.find((name) => programOnPath(name) !== undefined);
if (compiler === undefined) {
  console.error('the fuzzer needs clang with libFuzzer (Debian: apt-get install clang)');
  process.exit(values['if-clang'] ? 0 : 1);
}

run('cmake', ['--preset', PRESET, `-DCMAKE_CXX_COMPILER=${compiler}`], 'ignore');
run('cmake', ['--build', '--preset', PRESET], 'ignore');
mkdirSync(found, { recursive: true });
run(fuzzer, [
  `-max_total_time=${seconds}`,
  `-max_len=${LONGEST_INPUT_BYTES}`,
  `-artifact_prefix=${build}/`,
  '-verbosity=0',
  '-print_final_stats=1',
  found,
  corpus,
]);
if (values.keep)
  run(fuzzer, ['-set_cover_merge=1', `-max_len=${LONGEST_INPUT_BYTES}`, corpus, found]);
console.log(`fuzz: ${seconds} s, no fault; ${readdirSync(corpus).length} inputs are kept`);

/** Ends this program when the other fails. `output`: what becomes of its standard output. */
function run(program, args, output = 'inherit') {
  const { status, error } = spawnSync(program, args, {
    cwd: folder,
    stdio: ['ignore', output, 'inherit'],
  });
  if (error) console.error(error.message);
  if (status !== 0) process.exit(status ?? 1);
}
