import { InvalidArgumentError, Option } from 'commander';
import { COLUMN_NAMES, type ColumnName } from '../view/comparison-columns.ts';

const ALL = 'all';

/** The option that selects columns of the comparison. */
export function columnsOption(): Option {
  return new Option(
    '--columns <list>',
    `columns of the comparison, comma separated, or ${ALL}: ${COLUMN_NAMES.join(', ')}`,
  ).argParser(readColumns);
}

/** @throws InvalidArgumentError that names the problem and the valid names */
export function readColumns(text: string): ColumnName[] {
  if (text === ALL) return COLUMN_NAMES;
  const given = text.split(',').map((name) => name.trim());
  const names = given.filter(isColumnName);
  const unknown = given.filter((name) => !isColumnName(name)).map((name) => `"${name}"`);
  if (unknown.length > 0) {
    throw new InvalidArgumentError(
      `unknown: ${unknown.join(', ')}; valid: ${COLUMN_NAMES.join(', ')}, or ${ALL} alone`,
    );
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new InvalidArgumentError(`"${twice}" is listed twice`);
  // Figures are meaningless without the cell that they belong to.
  return names.includes('cell') ? names : ['cell', ...names];
}

function isColumnName(name: string): name is ColumnName {
  return (COLUMN_NAMES as string[]).includes(name);
}
