-- Returns what hashes have under names: of each hash a list in the order of the names. A value is '' where
-- there is none, or a longer one: an agent writes these hashes, and can make anything of its key.
--
-- key   hashes (list)
-- arg   names, most: bytes of a value
local found = {}
for at, hash in ipairs(key.hashes) do
  found[at] = {}
  for index, name in ipairs(arg.names) do
    local bytes = redis.pcall('HSTRLEN', hash, name)
    local fits = type(bytes) == 'number' and bytes > 0 and bytes <= arg.most
    found[at][index] = fits and redis.call('HGET', hash, name) or ''
  end
end
return found
