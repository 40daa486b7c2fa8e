/// <reference types="vite/client" />
// The presets of the repository, as they were when the console was built.
const TEXTS = import.meta.glob('../../presets/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
}) as Record<string, string>;

export interface Preset {
  name: string;
  yaml: string;
}

export const PRESETS: readonly Preset[] = Object.entries(TEXTS).map(([path, yaml]) => ({
  name: path.replace(/^.*\//, '').replace(/\.yaml$/, ''),
  yaml,
}));
