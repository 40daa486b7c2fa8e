import type { Static } from 'typebox';
import { Value } from 'typebox/value';
import type { Kind } from './kinds.ts';
import { type Program, type Setting, SettingsError } from './setting.ts';
import { SETTINGS, type SettingName } from './settings.ts';

/** `process.env`, or what a test has in its place. */
export type Variables = Readonly<Record<string, string | undefined>>;

type Declared = typeof SETTINGS;

/** The settings that a program reads. */
export type SettingNameOf<P extends Program> = {
  [N in SettingName]: P extends Declared[N]['readBy'][number] ? N : never;
}[SettingName];

/** undefined only where there is no default and the program can do without. */
type SettingValue<P extends Program, N extends SettingName> =
  | Static<Declared[N]['kind']['schema']>
  | (Declared[N] extends { default: unknown }
      ? never
      : Declared[N] extends { requiredBy: readonly (infer R)[] }
        ? P extends R
          ? never
          : undefined
        : undefined);

export type SettingValues<P extends Program, N extends SettingName = SettingNameOf<P>> = {
  [M in N]: SettingValue<P, M>;
};

export function settingsOf<P extends Program>(program: P): SettingNameOf<P>[] {
  const names = Object.keys(SETTINGS) as SettingName[];
  return names.filter((name): name is SettingNameOf<P> =>
    (SETTINGS[name] as Setting).readBy.includes(program),
  );
}

/**
 * What the environment says to a program; `names`: only these of its settings.
 * @throws SettingsError
 */
export function readSettings<P extends Program, N extends SettingNameOf<P> = SettingNameOf<P>>(
  program: P,
  variables: Variables,
  names: readonly N[] = settingsOf(program) as N[],
): SettingValues<P, N> {
  const problems: string[] = [];
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const name of names) {
    const setting: Setting = SETTINGS[name as SettingName];
    const text = textOf(setting, variables[name]);
    if (text !== undefined) {
      const value = setting.kind.parse(text);
      if (Value.Check(setting.kind.schema, value)) values[name] = value;
      else problems.push(`${name} ${refusal(setting.kind, text)}`);
    } else if (setting.requiredBy?.includes(program)) {
      problems.push(`${name} is not set; it must be ${setting.kind.valid}`);
    } else {
      values[name] = structuredClone(setting.default);
    }
  }
  if (problems.length > 0) throw new SettingsError(problems.join('; '));
  return values as SettingValues<P, N>;
}

function textOf({ blank }: Setting, text: string | undefined): string | undefined {
  return blank === 'unset' ? text?.trim() || undefined : text;
}

function refusal(kind: Kind, text: string): string {
  const found = kind.found(text);
  return `must be ${kind.valid}${found === null ? '' : `, not ${found}`}`;
}
