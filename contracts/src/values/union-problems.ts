import type { TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import { atPointer } from './at-pointer.ts';

/** As much of a schema as its text needs. */
interface Branch {
  type?: string;
  enum?: unknown[];
  anyOf?: Branch[];
  items?: Branch;
  properties?: Record<string, Branch>;
  minimum?: number;
  maximum?: number;
}

/**
 * The errors of a value without those of a union's other branches. Of an object, a list or a text the
 * errors of the one branch that takes one are left; of a number, and of what no branch takes, `valid`
 * says in one line what the union takes. Unions with several branches for a value keep all errors.
 */
export function withoutOtherBranches(
  root: TSchema,
  value: unknown,
  errors: readonly TLocalizedValidationError[],
): { errors: TLocalizedValidationError[]; valid: Map<TLocalizedValidationError, string> } {
  const valid = new Map<TLocalizedValidationError, string>();
  const left = new Set(errors);
  for (const union of errors.filter(({ keyword }) => keyword === 'anyOf')) {
    const { anyOf: branches = [] } = (atPointer(root, union.schemaPath) ?? {}) as Branch;
    const type = typeOf(atPointer(value, union.instancePath));
    const fitting = branches.flatMap((branch, index) => (branch.type === type ? [index] : []));
    const isTold = fitting.length === 0 || type === 'number';
    const text = isTold ? unionText(branches) : null;
    if (text === null && (isTold || fitting.length !== 1)) continue;
    for (const error of errors) {
      const own = `${union.schemaPath}/anyOf/${fitting[0]}`;
      const isOwn = text === null && isWithin(error.schemaPath, own);
      if (isWithin(error.schemaPath, `${union.schemaPath}/anyOf`) && !isOwn) left.delete(error);
    }
    if (text === null) left.delete(union);
    else valid.set(union, `must be ${text}`);
  }
  return { errors: [...left], valid };
}

const isWithin = (path: string, whole: string) => path === whole || path.startsWith(`${whole}/`);

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value;
}

/** null: one of them has no text. */
function unionText(branches: readonly Branch[]): string | null {
  const texts = branches.map(branchText);
  if (texts.includes(null)) return null;
  if (texts.length < 3) return texts.join(' or ');
  return `${texts.slice(0, -1).join(', ')}, or ${texts.at(-1)}`;
}

function branchText(branch: Branch): string | null {
  if (branch.enum !== undefined) return branch.enum.join(', ');
  switch (branch.type) {
    case 'integer':
      return `a whole number${boundsText(branch)}`;
    case 'number':
      return `a number${boundsText(branch)}`;
    case 'string':
      return 'a text';
    case 'null':
      return 'null';
    case 'object':
      return branch.properties === undefined
        ? null
        : `{${Object.keys(branch.properties).join(', ')}}`;
    case 'array': {
      const items = branch.items === undefined ? null : branchText(branch.items);
      return items === null ? null : `a list of ${items}`;
    }
    default:
      return null;
  }
}

function boundsText({ minimum, maximum }: Branch): string {
  if (minimum === undefined) return maximum === undefined ? '' : ` <= ${maximum}`;
  return maximum === undefined ? ` >= ${minimum}` : ` from ${minimum} to ${maximum}`;
}
