// What a release publishes, made, installed and run outside of the checkout.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { REPOSITORY } from '@oversoak/testing/repository';
import { until } from '@oversoak/testing/waiting/until';
import { Uint8ArrayReader, ZipReader } from '@zip.js/zip.js';
import { ApiClient } from 'oversoak/api/client';
import { Child } from 'oversoak/cluster/child';
import { jsonLine } from 'oversoak/cluster/log-file';
import { Release } from './release.ts';
import { WindowsFolder } from './windows-folder.ts';

const run = promisify(execFile);
const TOKEN = 'a-token-of-the-tests-of-oversoak';
const MIB = 1024 * 1024;
/** Beyond what anything takes here; the machine may be busy with other tests. */
const PATIENCE_MS = 180_000;
/** Bounds that a stray build folder or an addon with its debug information would break. */
const MAX_MIB: Record<string, number> = {
  'oversoak-win32-x64': 50,
  oversoak: 4,
  'oversoak-native-win32-x64': 1,
  'oversoak-native-linux-x64': 2,
};

let release: Release;
let installed: { folder: string; command: string };

before(async () => {
  release = await Release.make();
  installed = await release.install();
});
after(() => release.remove());

const oversoak = (...args: string[]) => run(installed.command, args, { cwd: release.folder });

/** A program that fails: its exit code and all that it printed. */
async function failureOf(running: Promise<unknown>): Promise<{ code: number; output: string }> {
  const failed = await running.then(
    () => assert.fail('it did not fail'),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  return { code: failed.code, output: failed.stdout + failed.stderr };
}

describe('the packages of a release', () => {
  it('have neither tests nor build folders, nor a path of the checkout', async () => {
    for (const tarball of await release.tarballs()) {
      const files = await release.unpacked(tarball);
      const wrong = [...files.keys()].filter((place) =>
        /(^|\/)(test|build|node_modules|src\/.*\.ts|.*\.map|.*\.d\.ts|tsconfig.*|\.oversoak)(\/|$)/.test(
          place,
        ),
      );
      assert.deepEqual(wrong, [], tarball);
      for (const [place, content] of files) {
        assert.ok(!content.includes(REPOSITORY.slice(0, -1)), `${tarball}: ${place}`);
      }
    }
  });

  it('have their licence, the notices of what is in the bundles, and no dependency to fetch', async () => {
    const [product] = await Promise.all(
      (await release.tarballs())
        .filter((each) => /oversoak-\d/.test(each))
        .map((each) => release.unpacked(each)),
    );
    const text = (place: string) => product?.get(place)?.toString() ?? '';
    const manifest = JSON.parse(text('package.json'));
    assert.equal(manifest.private, undefined);
    assert.equal(manifest.dependencies, undefined);
    const addons = ['win32-x64', 'linux-x64'];
    assert.deepEqual(
      manifest.optionalDependencies,
      Object.fromEntries(addons.map((each) => [`@oversoak/native-${each}`, manifest.version])),
    );
    assert.match(text('LICENSE'), /MIT/);
    for (const name of ['fastify', 'bullmq', 'preact', '@opentelemetry/api']) {
      assert.match(text('THIRD-PARTY-NOTICES.txt'), new RegExp(`^${name} \\d`, 'm'));
    }
    // A module that a bundle only names is missing in every installation.
    const left = [...(product ?? [])].filter(
      ([place, content]) =>
        place.endsWith('.js') &&
        !place.startsWith('third-party/') &&
        /\brequire\d*\(["']\.\/|["']@oversoak\/(?!native-)[a-z-]+["']\)/.test(content.toString()),
    );
    assert.deepEqual(
      left.map(([place]) => place),
      [],
    );
  });

  it('have the notices of the libraries in each addon', async () => {
    const libraries = {
      'win32-x64': ['Boost', "GCC's runtime", "MinGW-w64's runtime", 'node-addon-api'],
      'linux-x64': ['Boost', "GCC's runtime", 'liburing', 'node-addon-api'],
    };
    for (const [platform, names] of Object.entries(libraries)) {
      const tarball = (await release.tarballs()).find((each) => each.includes(platform)) ?? '';
      const notices = (await release.unpacked(tarball)).get('THIRD-PARTY-NOTICES.txt')?.toString();
      assert.ok(notices !== undefined, tarball);
      for (const name of names) assert.match(notices, new RegExp(`^${name}.* \\d\\S* \\(`, 'm'));
      assert.match(notices, /Boost Software License - Version 1\.0/);
      assert.match(notices, /GCC Runtime Library Exception/i);
      assert.match(notices, /Permission is hereby granted, free of charge/);
    }
  });

  it('have the service wrapper for Windows only together with its licence', async () => {
    const folder = join(release.folder, 'wrapper');
    await mkdir(folder);
    const [program, licence] = [join(folder, 'shawl.exe'), join(folder, 'LICENSE')];
    await writeFile(program, 'the program');
    const pack = join(REPOSITORY, 'deploy/pack');
    const packing = (...words: string[]) =>
      failureOf(run(process.execPath, [join(pack, 'main.mjs'), join(folder, 'none'), ...words]));
    const alone = await packing('--shawl', program);
    assert.match(alone.output, /^--shawl needs --shawl-licence FILE/m);
    assert.equal(alone.code, 2);
    const other = await packing('--shawl', program, '--shawl-licence', program);
    assert.match(other.output, /--shawl-licence must be the licence of Shawl, and .* is none/);
    const notice = 'Copyright (c) of the test. Permission is hereby granted to the test.\n';
    await writeFile(licence, notice);
    const { serviceWrapper } = await import(join(pack, 'service-wrapper.mjs'));
    const { stageAddons } = await import(join(pack, 'stage.mjs'));
    const { zipForWindows } = await import(join(pack, 'windows-zip.mjs'));
    const addons = await stageAddons(join(folder, 'stage'), serviceWrapper(program, licence));
    const [windows, linux] = addons.map((addon: { folder: string }) => addon.folder);
    assert.equal(await readFile(join(windows, 'SHAWL-LICENSE.txt'), 'utf8'), notice);
    assert.deepEqual(
      (await readdir(linux)).filter((name) => /shawl/i.test(name)),
      [],
    );
    const product = join(folder, 'product');
    await mkdir(product);
    await zipForWindows(product, addons, folder);
    const zip = (await readdir(folder)).find((name) => name.endsWith('.zip')) ?? '';
    const reader = new ZipReader(new Uint8ArrayReader(await readFile(join(folder, zip))));
    const places = (await reader.getEntries()).map(({ filename }) => filename);
    for (const name of ['shawl.exe', 'SHAWL-LICENSE.txt']) {
      assert.ok(
        places.some((place) => place.endsWith(`/build/win32-x64/${name}`)),
        name,
      );
    }
  });

  it('are small, which is printed, and have checksums', async () => {
    const lines = (await readFile(join(release.files, 'SHA256SUMS'), 'utf8')).trim().split('\n');
    const names = (await readdir(release.files)).filter((name) => name !== 'SHA256SUMS');
    assert.equal(lines.length, names.length);
    for (const name of names) {
      const content = await readFile(join(release.files, name));
      const sum = createHash('sha256').update(content).digest('hex');
      assert.ok(lines.includes(`${sum}  ${name}`), name);
      assert.match(release.output, new RegExp(`^${name}: \\d+\\.\\d\\d MiB$`, 'm'));
      const most = MAX_MIB[name.replace(/-\d+\.\d+\.\d+|\.(tgz|zip)$/g, '')] ?? 0;
      assert.ok(content.length < most * MIB, `${name}: ${content.length} bytes`);
    }
  });

  it('is refused in a folder that has something in it', async () => {
    const script = join(REPOSITORY, 'deploy/pack/main.mjs');
    const again = await failureOf(run(process.execPath, [script, release.files]));
    assert.match(again.output, /is not empty/);
  });
});

describe('an installation from the packages alone', () => {
  it('has every command, and the presets', async () => {
    const { version } = JSON.parse(await readFile(join(REPOSITORY, 'cli/package.json'), 'utf8'));
    assert.equal((await oversoak('--version')).stdout, `${version}\n`);
    assert.match((await oversoak('--help')).stdout, /^ {2}demo /m);
    const preset = join(installed.folder, 'presets/demo.yaml');
    assert.match((await oversoak('validate', preset)).stdout, /^demo: valid$/m);
    assert.match((await oversoak('schema')).stdout, /"oversoak soak"/);
  });

  it('installs into a folder of its own, too', async () => {
    const folder = join(release.folder, 'local');
    await mkdir(folder);
    await writeFile(join(folder, 'package.json'), '{}');
    const cache = ['--offline', '--cache', join(release.folder, 'npm-cache')];
    await run('npm', ['install', ...cache, ...(await release.tarballs())], { cwd: folder });
    const { stdout } = await run('npx', ['--no-install', 'oversoak', '--version'], { cwd: folder });
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it('names what is missing for a demo, and how to get it', async () => {
    const bare = { ...process.env, PATH: join(process.execPath, '..') };
    const { code, output } = await failureOf(
      run(process.execPath, [installed.command, 'demo', '--quick'], { env: bare }),
    );
    assert.equal(code, 2);
    assert.match(output, /missing on this machine: wine, wineserver, redis-server$/m);
    assert.match(output, /apt-get install .*wine wine64 redis-server$/m);
    assert.doesNotMatch(output, /defect/);
  });

  it('runs the quick demo with Wine and Redis, from an empty cache', async () => {
    const cache = join(release.folder, 'cache');
    // What it has made for this user is no part of the checkout.
    const env = { ...process.env, XDG_CACHE_HOME: cache };
    const words = ['demo', '--quick', '--json', 'demo.json'];
    await run(installed.command, words, { cwd: release.folder, env }).catch((error) => {
      // A busy machine makes a soak inconclusive, which says nothing of the package.
      assert.match(`${error.stdout}${error.stderr}`, /^Verdict: inconclusive/m);
    });
    const { cells } = JSON.parse(await readFile(join(release.folder, 'demo.json'), 'utf8'));
    assert.equal(cells.length, 6);
    assert.ok((await stat(join(cache, 'oversoak/wine/wine-prefix'))).isDirectory());
  });

  it('starts a cluster that stays, and shows a command with a preset of the package', async () => {
    const env = { ...process.env, XDG_CACHE_HOME: join(release.folder, 'cache') };
    const start = spawn(process.execPath, [installed.command, 'start', '--port', '0'], {
      ...{ cwd: release.folder, env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [start.stdout, start.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const exit = once(start, 'exit');
    try {
      await until('what to do next', () => /To keep them: /.test(output), PATIENCE_MS);
      const [, preset = ''] = output.match(/^ +.*oversoak submit (\S+) --watch/m) ?? [];
      assert.ok(!output.includes(REPOSITORY), output);
      const named = resolve(release.folder, preset);
      assert.equal(
        await realpath(named),
        await realpath(join(installed.folder, 'presets/demo.yaml')),
      );
    } finally {
      start.kill('SIGINT');
    }
    assert.deepEqual(await exit, [0, null], output);
  });
});

describe('the zip for Windows, in a folder with a space and letters beyond ASCII', () => {
  const SPEC = {
    name: 'from-the-zip',
    matrix: { notifier: ['iocp'], layout: ['homo'], sessions: [20] },
    workload: { ratePerSecond: 50 },
    phases: { rampUpSeconds: 1, warmUpSeconds: 1, measureSeconds: 5, drainSeconds: 5 },
  };
  let windows: WindowsFolder;
  let redis: RedisServer;
  let plane: Child;
  let client: ApiClient;

  before(async () => {
    const folder = join(release.folder, 'Söak 시험 folder');
    windows = await WindowsFolder.open(await release.unzip(folder));
    redis = await RedisServer.start('--maxmemory-policy', 'noeviction', '--appendonly', 'yes');
    const program = join(installed.folder, 'control-plane/dist/src/main.js');
    plane = await Child.start({
      name: 'control plane',
      command: process.execPath,
      args: [program],
      cwd: release.folder,
      env: {
        ...process.env,
        OVERSOAK_REDIS_URL: redis.url,
        OVERSOAK_TOKEN: TOKEN,
        OVERSOAK_PORT: '0',
        OVERSOAK_STOP_ON_STDIN_END: '1',
      },
      logFile: join(release.folder, 'control-plane.log'),
      stopBy: 'stdin-end',
    });
    const { signal } = new AbortController();
    const url = await plane.ready(jsonLine('listening'), PATIENCE_MS, signal);
    client = new ApiClient({ url, token: TOKEN });
  });
  after(async () => {
    await plane?.stop();
    await redis?.stop();
    await windows?.close();
  });

  it('has every command', async () => {
    const version = await windows.run('--version');
    assert.match(version.output, /^\d+\.\d+\.\d+\r?\n$/);
    assert.equal(version.code, 0);
    const validated = await windows.run('validate', 'presets\\demo.yaml');
    assert.match(validated.output, /^demo: valid/m);
  });

  it('says that no service is installed, and which wrapper an installation needs', async () => {
    const status = await windows.run('agent', 'service', 'status');
    assert.match(status.output, /oversoak-agent: not installed/);
    assert.equal(status.code, 2);
    await writeFile(join(windows.folder, 'agent.env'), 'OVERSOAK_AGENT_ID=zip\n');
    const install = await windows.run('agent', 'service', 'install', '--settings', 'agent.env');
    assert.match(install.output, /Shawl .* --shawl FILE/s);
    assert.equal(install.code, 2);
  });

  it('starts an agent, which runs a soak and leaves', async () => {
    const settings = {
      OVERSOAK_REDIS_URL: redis.url,
      OVERSOAK_AGENT_ID: 'zip',
      OVERSOAK_ADVERTISE_HOST: '127.0.0.1',
      OVERSOAK_SLOTS: '2',
      OVERSOAK_STOP_ON_STDIN_END: '1',
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    await writeFile(join(windows.folder, 'agent.env'), lines.join(''));
    const agent = await windows.start('agent', 'agent', 'run', '--settings', 'agent.env');
    try {
      await agent.ready(jsonLine('registered'), PATIENCE_MS, new AbortController().signal);
      assert.deepEqual(
        (await client.agents()).map(({ agentId }) => agentId),
        ['zip'],
      );
      const text = { text: JSON.stringify(SPEC), contentType: 'application/json' as const };
      const { soakId } = await client.submit(text);
      await until(
        'the soak to end',
        async () => (await client.soak(soakId)).state === 'done',
        PATIENCE_MS,
      );
      const soak = await client.soak(soakId);
      // A busy machine makes it inconclusive; what matters here is that it ran and balanced.
      assert.notEqual(soak.verdict, 'failed');
      const result = JSON.stringify(await client.run(soak.runs[0]?.runId ?? ''));
      assert.match(result, /"echoed":[1-9]/);
    } finally {
      await agent.stop();
    }
    await until(
      'the agent to be gone',
      async () => (await client.agents()).every(({ live }) => !live),
      PATIENCE_MS,
    );
  });
});
