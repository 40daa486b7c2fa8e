export interface Preset {
  name: string;
  yaml: string;
}

/** Pure: the presets that are soaks, by the texts of their files; a schedule has a soak in it. */
export function soakPresets(texts: Readonly<Record<string, string>>): Preset[] {
  return Object.entries(texts)
    .filter(([, yaml]) => !/^cron:/m.test(yaml))
    .map(([path, yaml]) => ({
      name: path.replace(/^.*\//, '').replace(/\.yaml$/, ''),
      yaml,
    }));
}
