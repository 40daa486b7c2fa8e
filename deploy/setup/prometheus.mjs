// Provides a Prometheus 3 with its OTLP receiver, for the test that runs every query of the
// dashboards. Debian 12 has Prometheus 2, and a later Debian's package lacks the receiver because
// of a missing library. So Prometheus is built from that Debian's sources and libraries, with the
// receiver restored.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onPath, programOnPath, run, SetupError } from './command.mjs';
import { fetchPackages, matching, openSuite } from './debian-suite.mjs';
import { cache, prometheus } from './paths.mjs';

const suite = 'forky';
const recipe = fileURLToPath(new URL('./prometheus/', import.meta.url));
const importPath = 'github.com/prometheus/prometheus';
/** Debian's compiler rejects module mode if no module proxy is reachable. */
const goSettings = { GO111MODULE: 'off', GOFLAGS: '', GOTOOLCHAIN: 'local', CGO_ENABLED: '0' };

export async function preparePrometheus(say) {
  const program = await source(say);
  rmSync(prometheus, { recursive: true, force: true });
  symlinkSync(program, prometheus);
}

/** The installed Prometheus, or the one that any clone built from this recipe. */
async function source(say) {
  const installed = programOnPath('prometheus');
  if (installed && (await whyUnfit(installed)) === undefined) return installed;
  const built = join(cache, `prometheus-${recipeDigest().slice(0, 16)}`);
  if ((await whyUnfit(built)) !== undefined) await build(say, built);
  return built;
}

async function build(say, target) {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'building-'));
  try {
    await buildPrometheus(say, folder);
    renameSync(join(folder, 'prometheus'), target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function recipeDigest() {
  const hash = createHash('sha256');
  for (const file of readdirSync(recipe).sort()) hash.update(readFileSync(join(recipe, file)));
  return hash.digest('hex');
}

/** Why a program is not a suitable Prometheus; undefined: it is suitable. */
async function whyUnfit(program) {
  if (!existsSync(program)) return `${program} is missing`;
  const version = (await run(program, ['--version'])).match(/version (\S+)/)?.[1] ?? 'unknown';
  if (!version.startsWith('3.')) return `${program} is version ${version}, wanted 3`;
  // Kingpin prints its help to stderr.
  const help = await run('sh', ['-c', '"$0" --help 2>&1', program]);
  if (!help.includes('enable-otlp-receiver')) {
    return `${program} has no OTLP receiver`;
  }
  return undefined;
}

async function buildPrometheus(say, folder) {
  const missing = ['apt-get', 'dpkg', 'patch'].filter((program) => !onPath(program));
  if (missing.length > 0) throw new SetupError(cannotBuild(`it needs ${missing.join(', ')}`));
  say(`building Prometheus from Debian's sources (${suite}); a few minutes, once`);
  try {
    const apt = await openSuite(suite, folder);
    const go = await fetchGo(apt, folder);
    const { tree, version } = await fetchSources(apt, folder);
    await putReceiverBack(tree);
    const program = join(folder, 'prometheus');
    const flags = `-s -w -X github.com/prometheus/common/version.Version=${version}`;
    await run(go, ['build', '-ldflags', flags, '-o', program, `${importPath}/cmd/prometheus`], {
      env: {
        ...process.env,
        ...goSettings,
        GOPATH: join(folder, 'files/usr/share/gocode'),
        GOCACHE: join(folder, 'cache-go'),
      },
    });
    const unfit = await whyUnfit(program);
    if (unfit !== undefined) throw new SetupError(unfit);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    throw new SetupError(cannotBuild(error.message.trim()));
  }
}

function cannotBuild(reason) {
  return [
    'no Prometheus for the tests could be built:',
    reason,
    '',
    'Or put a Prometheus 3 that has --web.enable-otlp-receiver on the PATH, and run this again.',
  ].join('\n');
}

async function fetchGo(apt, folder) {
  const depends = await apt('apt-cache', 'depends', 'golang-go');
  const compiler = depends.match(/golang-[\d.]+-go\b/)?.[0];
  if (compiler === undefined) throw new SetupError(`${suite} names no Go compiler`);
  await fetchPackages(apt, folder, [compiler, compiler.replace(/go$/, 'src')]);
  const [root] = matching(join(folder, 'files/usr/lib'), /^go-/);
  if (root === undefined) throw new SetupError(`${compiler} has no compiler`);
  return join(root, 'bin/go');
}

async function fetchSources(apt, folder) {
  const libraries = readFileSync(join(recipe, 'libraries.txt'), 'utf8').trim().split('\n');
  await fetchPackages(apt, folder, libraries);
  // The upstream archive has what Debian's source package omits.
  await apt('apt-get', 'source', '--tar-only', '--download-only', 'prometheus');
  const [archive] = matching(join(folder, 'debs'), /^prometheus_.*\.orig\.tar\./);
  const version = archive?.match(/prometheus_([\d.]+\d)/)?.[1];
  if (version === undefined) throw new SetupError('the sources of Prometheus have no archive');
  const tree = join(folder, 'files/usr/share/gocode/src', importPath);
  const translator = 'storage/remote/otlptranslator';
  const only = ['--strip-components=1', '--wildcards', `*/${translator}/*`];
  await run('tar', ['-xf', archive, '-C', tree, ...only]);
  return { tree, version };
}

async function putReceiverBack(tree) {
  copyFileSync(join(recipe, 'otlp_receiver.go'), join(tree, 'storage/remote/otlp_receiver.go'));
  const patch = join(recipe, 'receiver.patch');
  await run('patch', ['-p1', '--batch', '--silent', '-i', patch], { cwd: tree });
  // Cloud service discovery: not needed here, and most of the build.
  rmSync(join(tree, 'plugins/plugins.go'));
}
