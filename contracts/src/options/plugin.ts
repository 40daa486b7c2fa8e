import { type Static, Type } from 'typebox';
import {
  PLUGIN_FILE_PATTERN,
  SHA256_PATTERN,
  WITHOUT_NUL_PATTERN,
} from '../values/name-patterns.ts';

const closed = { additionalProperties: false } as const;

/** Plug-ins that an agent allows, at the most. */
export const MAX_PLUGINS = 100;

/** A plug-in as everybody but its agent knows it. */
export const PluginFile = Type.Object(
  {
    file: Type.String({
      pattern: PLUGIN_FILE_PATTERN,
      description: 'name of the library, without its folder: `xor.so`, `xor.dll`',
    }),
    sha256: Type.String({
      pattern: SHA256_PATTERN,
      description: "of the library's bytes, 64 hexadecimal digits",
    }),
  },
  closed,
);
export type PluginFile = Static<typeof PluginFile>;

/** A protocol that a user has written in C. */
export const Plugin = Type.Object(
  {
    plugin: Type.Object(
      {
        ...PluginFile.properties,
        options: Type.String({
          default: '',
          maxLength: 4096,
          pattern: WITHOUT_NUL_PATTERN,
          description: 'a text that the plug-in gets as it is, at the begin of each connection',
        }),
      },
      closed,
    ),
  },
  {
    ...closed,
    description:
      'a library with the protocol (native-server/include/oversoak_plugin.h), which agents load that allow it by its hash: OVERSOAK_PLUGINS',
  },
);
export type Plugin = Static<typeof Plugin>;

/** A plug-in where its machine has it. */
export interface AllowedPlugin extends PluginFile {
  /** Absolute. */
  path: string;
}

const ENTRY = /^(.+)=([0-9A-Fa-f]{64})$/;
const ABSOLUTE = /^(?:\/|[A-Za-z]:[\\/]|\\\\)/;
const FILE = new RegExp(PLUGIN_FILE_PATTERN);

/** Parses `path=sha256`; undefined if the text has another form. */
export function readAllowedPlugin(text: string): AllowedPlugin | undefined {
  const [, path = '', sha256 = ''] = ENTRY.exec(text) ?? [];
  const file = path.split(/[\\/]/).at(-1) ?? '';
  if (!ABSOLUTE.test(path) || !FILE.test(file)) return undefined;
  return { path, file, sha256: sha256.toLowerCase() };
}

/** The one of `allowed` with the same name and bytes. */
export function findPlugin<P extends PluginFile>(
  allowed: readonly P[],
  { file, sha256 }: PluginFile,
): P | undefined {
  return allowed.find((each) => each.file === file && each.sha256 === sha256.toLowerCase());
}

/** `xor.so=0123…`, as the setting has it but for the folder. */
export const pluginText = ({ file, sha256 }: PluginFile) => `${file}=${sha256.toLowerCase()}`;

/** Why a fleet does not get a plug-in that is not among those its agent allows. */
export const notAllowedPlugin = (allowed: readonly PluginFile[], plugin: PluginFile) =>
  `${pluginText(plugin)} is not a plug-in that OVERSOAK_PLUGINS allows: ${pluginsText(allowed)}`;

/** What an agent allows, for messages to people. */
export const pluginsText = (allowed: readonly PluginFile[]) =>
  allowed.map(pluginText).join(', ') || 'none';
