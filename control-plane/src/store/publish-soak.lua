-- Publishes an imported soak and its staged runs atomically. Returns 1, 0 if a soak with this id
-- already exists, -1 if staged data has expired, or -2 if its owner has not enough bytes left.
--
-- key   soak, soaks, quotas, staged (list), published (list: the new names of the staged keys)
-- arg   soakId, fields (of the soak's hash: alternating names and values)
--       owner: whose quota it counts for; bytes; maxBytes: of the owner
if redis.call('EXISTS', key.soak) == 1 then return 0 end
for _, staged in ipairs(key.staged) do
  if redis.call('EXISTS', staged) == 0 then return -1 end
end
local used = tonumber(redis.call('HGET', key.quotas, arg.owner .. '.bytes') or 0)
if used + arg.bytes > arg.maxBytes then return -2 end
redis.call('HINCRBY', key.quotas, arg.owner .. '.bytes', arg.bytes)
for index, staged in ipairs(key.staged) do
  redis.call('RENAME', staged, key.published[index])
  redis.call('PERSIST', key.published[index])
end
redis.call('HSET', key.soak, unpack(arg.fields))
redis.call('ZADD', key.soaks, 0, arg.soakId)
return 1
