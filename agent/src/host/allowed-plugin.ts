import {
  type AllowedPlugin,
  type FleetPart,
  findPlugin,
  isPlugin,
  notAllowedPlugin,
} from '@oversoak/contracts';
import type { Engine } from './engine.ts';

/**
 * Loads the plug-in of a fleet, so that one that cannot be run fails the part before the run begins.
 * Returns where the fleet finds it; nothing for a fleet without one.
 * @throws Error that names the plug-in
 */
export function preparedPlugin(
  engine: Engine,
  { options: { protocol, sessions, overSend } }: FleetPart,
  allowed: readonly AllowedPlugin[],
): { pluginPath?: string } {
  if (!isPlugin(protocol)) return {};
  const found = findPlugin(allowed, protocol.plugin);
  if (found === undefined) throw new Error(notAllowedPlugin(allowed, protocol.plugin));
  if (engine.loadPlugin === undefined) throw new Error('the engine has no plug-ins');
  engine.loadPlugin({ ...protocol, path: found.path, sessions, overSend });
  return { pluginPath: found.path };
}
