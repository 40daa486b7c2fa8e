/// <reference types="vite/client" />
import { type Preset, soakPresets } from './models/soak-presets.ts';

// The presets of the repository, as they were when the console was built.
const TEXTS = import.meta.glob('../../presets/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
}) as Record<string, string>;

export const PRESETS: readonly Preset[] = soakPresets(TEXTS);
