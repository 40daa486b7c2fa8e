-- Gives a soak whose runs were staged its place, whole or not at all.
-- Answers 1, 0 when a soak of this id is there, -1 when something that was staged has expired.
--
-- key   soak, soaks, staged (list), published (list: the names that those get)
-- arg   soakId, fields (of the soak, and their values, in turns)
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
