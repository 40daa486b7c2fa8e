// Docker Compose for the test that checks compose.yaml. The test uses only `config`, which needs no
// Docker daemon; where Docker is missing, the program comes from a later Debian.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onPath, run, SetupError } from './command.mjs';
import { fetchPackages, openSuite } from './debian-suite.mjs';
import { compose, state } from './paths.mjs';

const suite = 'trixie';

export async function prepareCompose(say) {
  if (existsSync(compose) || (await pluginWorks())) return;
  if (!onPath('apt-get') || !onPath('dpkg')) {
    throw new SetupError('the tests need "docker compose": install Docker with its Compose plugin');
  }
  say(`fetching Docker Compose from Debian (${suite})`);
  const folder = mkdtempSync(join(state, 'compose-'));
  try {
    await fetchPackages(await openSuite(suite, folder), folder, ['docker-compose']);
    const program = join(folder, 'files/usr/libexec/docker/cli-plugins/docker-compose');
    await run(program, ['version']);
    mkdirSync(dirname(compose), { recursive: true });
    copyFileSync(program, `${compose}.new`);
    renameSync(`${compose}.new`, compose);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function pluginWorks() {
  if (!onPath('docker')) return false;
  try {
    await run('docker', ['compose', 'version']);
    return true;
  } catch (error) {
    if (error instanceof SetupError) return false;
    throw error;
  }
}
