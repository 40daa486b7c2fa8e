import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { STACK_FOLDER } from '../../src/stack/stack.ts';

const folder = await mkdtemp(join(tmpdir(), 'oversoak-test-lint-'));
after(() => rm(folder, { recursive: true }));

const DIGEST = `sha256:${'0'.repeat(64)}`;
const SOUND = `ARG BASE=debian:12.9-slim@${DIGEST}
FROM \${BASE} AS build
RUN apt-get update \\
  && apt-get install --yes --no-install-recommends cmake \\
  && rm -rf /var/lib/apt/lists/*
FROM \${BASE} AS image
COPY --from=build /x /x
USER nobody
HEALTHCHECK --interval=5s CMD ["x"]
CMD ["x"]
`;

/** What the linter says of a Dockerfile, without the file's name. */
async function lint(content: string): Promise<string> {
  const file = join(folder, 'Dockerfile');
  await writeFile(file, content);
  const program = join(STACK_FOLDER, 'deploy/docker/lint.mjs');
  return await promisify(execFile)(process.execPath, [program, file]).then(
    () => '',
    ({ stderr }: { stderr: string }) => stderr.replaceAll(`${file}:`, ''),
  );
}

test('a sound Dockerfile has no finding', async () => {
  assert.equal(await lint(SOUND), '');
  assert.equal(await lint(SOUND.replace('USER', 'COPY package.json agent /y/\nUSER')), '');
});

const faults: [what: string, from: string | RegExp, to: string, found: RegExp][] = [
  ['an unknown instruction', 'USER', 'USRE', /^8: Unknown instruction: USRE/m],
  ['a wrong flag', '--interval', '--intervall', /^9: .*intervall/m],
  ['a base without a digest', `@${DIGEST}`, '', /^2: the base image .* is not pinned/m],
  ['a base without a version', ':12.9-slim', '', /^2: the base image .* is not pinned/m],
  ['an image that runs as root', 'USER nobody\n', '', /^6: the image image runs as root/m],
  ['root by number', 'USER nobody', 'USER 0:0', /^6: the image image runs as root/m],
  ['no health check', /HEALTHCHECK .*\n/, '', /^6: the image image has no HEALTHCHECK/m],
  ['a shell around the program', '\nCMD ["x"]', '\nCMD x', /^10: CMD in JSON form/m],
  [
    'apt with its recommendations',
    ' --no-install-recommends',
    '',
    /^3: .*--no-install-recommends/m,
  ],
  ['lists that stay', / \\\n {2}&& rm .*/, '', /^3: .*rm -rf \/var\/lib\/apt\/lists/m],
  ['a secret in the image', 'USER', 'ENV API_TOKEN=x\nUSER', /^8: a secret in ENV/m],
  ['ADD', 'COPY --from=build', 'ADD', /^7: COPY instead of ADD/m],
  ['a COPY of what is not there', 'COPY --from=build /x', 'COPY no-such', /^7: COPY no-such: the/m],
  // Committed, and left out by .dockerignore.
  ['a COPY of what is left out', 'COPY --from=build /x', 'COPY docs', /^7: COPY docs: the/m],
  ['a slip in a script', 'install', 'install $WHAT', /^4: SC2086/m],
];
for (const [what, from, to, found] of faults) {
  test(`${what} is found`, async () => {
    const faulty = SOUND.replace(from, to);
    assert.notEqual(faulty, SOUND);
    assert.match(await lint(faulty), found);
  });
}
