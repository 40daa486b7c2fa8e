-- Publishes an imported soak and its staged runs atomically. Returns 1, 0 if a soak with this id
-- already exists, or -1 if staged data has expired.
--
-- key   soak, soaks, staged (list), published (list: the new names of the staged keys)
-- arg   soakId, fields (of the soak's hash: alternating names and values)
if redis.call('EXISTS', key.soak) == 1 then return 0 end
for _, staged in ipairs(key.staged) do
  if redis.call('EXISTS', staged) == 0 then return -1 end
end
for index, staged in ipairs(key.staged) do
  redis.call('RENAME', staged, key.published[index])
  redis.call('PERSIST', key.published[index])
end
redis.call('HSET', key.soak, unpack(arg.fields))
redis.call('ZADD', key.soaks, 0, arg.soakId)
return 1
