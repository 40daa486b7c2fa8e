// A file of its own: the clients of control plane and agent have it in common, in no other file.
interface ScriptDefinition {
  lua: string;
}

interface ScriptClient<D extends ScriptDefinition, O> {
  defineCommand(name: string, definition: D): void;
  duplicate(options?: O): ScriptClient<D, O>;
}

/**
 * The client, whose scripts and whose duplicates' have settings of cjson of their own. Redis shares
 * the others among all users: after `cjson.decode_max_depth(1)` of an agent no script of oversoak or
 * BullMQ would read its arguments, and after `cjson.encode_number_precision(1)` they would store
 * other numbers.
 */
export function withOwnCjson<D extends ScriptDefinition, O, C extends ScriptClient<D, O>>(
  client: C & ScriptClient<D, O>,
): C {
  const defineCommand = client.defineCommand.bind(client);
  const duplicate = client.duplicate.bind(client);
  client.defineCommand = (name, definition) => {
    const own = definition.lua.includes('cjson') ? 'local cjson = cjson.new()\n' : '';
    defineCommand(name, { ...definition, lua: own + definition.lua });
  };
  client.duplicate = (options) => withOwnCjson(duplicate(options));
  return client;
}
