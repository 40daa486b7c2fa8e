import { InvalidArgumentError, Option } from 'commander';
import { COLUMN_NAMES, type ColumnName } from '../view/comparison-columns.ts';

const ALL = 'all';

/** The columns of the comparison that the command shows. */
export function columnsOption(): Option {
  return new Option(
    '--columns <list>',
    `columns of the comparison, comma separated, or ${ALL}: ${COLUMN_NAMES.join(', ')}`,
  ).argParser(readColumns);
}

/** @throws InvalidArgumentError that names what is wrong, and the valid names. */
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
  if (twice !== undefined) throw new InvalidArgumentError(`"${twice}" is there twice`);
  // Figures without the cell that they belong to would say nothing.
  return names.includes('cell') ? names : ['cell', ...names];
}

function isColumnName(name: string): name is ColumnName {
  return (COLUMN_NAMES as string[]).includes(name);
}
