import { type Assign, isPlugin } from '@oversoak/contracts';

/** What a plug-in may have done to its host process. */
export type PluginDeed = 'hang' | 'have ended it' | 'have called fork()';

/** Pure: the reason with the plug-in of the part, unless there is none or it is named already. */
export function withPlugin(reason: string, may: PluginDeed, part: Assign['part']): string {
  if (part.role !== 'fleet' || !isPlugin(part.options.protocol)) return reason;
  const { file } = part.options.protocol.plugin;
  return reason.includes(file) ? reason : `${reason}; its plug-in ${file} may ${may}`;
}
