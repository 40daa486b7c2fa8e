import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

/** Redis keys by their names in the script; a list where their number varies. */
type Keys = Record<string, string | readonly string[]>;

/** Parses the script's one argument, so that the script has its keys and arguments by name. */
const PROLOGUE = `
local arg, key = cjson.decode(ARGV[1]), {}
do
  local at = 0
  for _, named in ipairs(arg.keys) do
    local name, count = named[1], named[2]
    if count then key[name] = {} end
    for index = 1, count or 1 do
      at = at + 1
      if count then key[name][index] = KEYS[at] else key[name] = KEYS[at] end
    end
  end
end
`;

/**
 * An atomic step: the Lua file `file` in the folder of the calling module `moduleUrl`. In Lua,
 * `key` has the keys by name and `arg` the arguments. An undefined argument is nil in Lua; null is
 * not allowed. `documents` are ARGV[2] and the following, for what is binary or long.
 */
export function script<K extends Keys, Args extends object, Answer>(
  moduleUrl: string,
  file: string,
): (redis: Redis, keys: K, args: Args, ...documents: (Buffer | string)[]) => Promise<Answer> {
  // Compiled code is in dist/src; the Lua files stay in src.
  const url = new URL(file, moduleUrl.replace('/dist/src/', '/src/'));
  const lua = PROLOGUE + readFileSync(url, 'utf8');
  const command = `oversoak:${file}`;
  return async (redis, keys, args, ...documents) => {
    const named = Object.entries(keys).map(([name, value]) =>
      typeof value === 'string' ? [name] : [name, value.length],
    );
    const all = Object.values(keys).flat();
    const given = JSON.stringify({ ...args, keys: named });
    const commands = redis as unknown as Record<string, (...words: unknown[]) => Promise<Answer>>;
    if (commands[command] === undefined) redis.defineCommand(command, { lua });
    return (await commands[command]?.(all.length, ...all, given, ...documents)) as Answer;
  };
}
