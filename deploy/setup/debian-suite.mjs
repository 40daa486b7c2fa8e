// Packages of another Debian suite than the machine's: fetched, checked against Debian's signature
// and unpacked into a folder, without installing them.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, SetupError } from './command.mjs';

/**
 * apt with lists and a cache of its own, so that nothing of the machine's is changed.
 * @param {string} suite e.g. `trixie`
 * @param {string} folder for all that apt keeps, and the packages
 */
export async function openSuite(suite, folder) {
  const source = join(folder, 'suite.list');
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  const signed = existsSync(keyring) ? `[signed-by=${keyring}] ` : '';
  const rest = `${signed}${await debianMirror()} ${suite} main`;
  writeFileSync(source, `deb ${rest}\ndeb-src ${rest}\n`);
  for (const part of ['lists/partial', 'cache/archives/partial', 'debs']) {
    mkdirSync(join(folder, part), { recursive: true });
  }
  const settings = {
    'Dir::Etc::sourcelist': source,
    'Dir::Etc::sourceparts': '-',
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::Cache': join(folder, 'cache'),
    // The machine's installed packages belong to another suite.
    'Dir::State::status': '/dev/null',
    'Debug::NoLocking': '1',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const apt = (program, ...words) =>
    run(program, ['-q', ...options, ...words], { cwd: join(folder, 'debs') });
  await apt('apt-get', 'update');
  return apt;
}

/** The mirror from which this machine gets its own Debian packages. */
async function debianMirror() {
  const format = '$(ORIGIN) $(COMPONENT) $(CODENAME) $(SITE)';
  const lines = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const main = lines.match(/^Debian main [a-z]+ (\S+)$/m)?.[1];
  if (main === undefined) {
    throw new SetupError('apt knows no packages of Debian here: is this Debian, and updated once?');
  }
  return main;
}

/** Fetches packages (apt checks them against the suite's signature) and unpacks them. */
export async function fetchPackages(apt, folder, names) {
  await apt('apt-get', 'download', ...names);
  for (const archive of matching(join(folder, 'debs'), /\.deb$/)) {
    await run('dpkg', ['-x', archive, join(folder, 'files')]);
    rmSync(archive);
  }
}

export function matching(folder, name) {
  return readdirSync(folder)
    .filter((entry) => name.test(entry))
    .map((entry) => join(folder, entry));
}
