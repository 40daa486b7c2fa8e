// The licences of the npm packages whose code is in the bundles.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TEXT = /^(licen[cs]e|copying|notice)/i;
const FOLDER = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;

/** @param {string[]} inputs files of the bundles; each package once, by name and version */
export function packagesOf(inputs) {
  const folders = new Set(inputs.map((path) => path.match(FOLDER)?.[1]).filter(Boolean));
  const packages = [...folders].map((folder) => {
    const { name, version, license } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    );
    const file = readdirSync(folder).find((entry) => TEXT.test(entry));
    const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
    if (license === undefined && text === '') throw new Error(`${folder} names no licence`);
    return { name, version, license: license ?? 'see below', text };
  });
  const order = (a, b) => `${a.name}@${a.version}`.localeCompare(`${b.name}@${b.version}`, 'en');
  return packages.sort(order);
}

/**
 * @param {string} subject what contains the code
 * @param {ReturnType<typeof packagesOf>} packages
 */
export function noticesText(subject, packages) {
  const parts = packages.map(({ name, version, license, text }) =>
    [`${name} ${version} (${license})`, text].join('\n\n').trim(),
  );
  return `${[`${subject} code of these packages.`, ...parts].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
