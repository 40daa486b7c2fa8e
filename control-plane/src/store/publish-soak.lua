-- Gives a soak whose runs were staged its place, whole or not at all.
-- Answers 1, 0 when a soak of this id is there, -1 when something that was staged has expired.
--
-- KEYS  1 soak  2 soaks  3... pairs: a staged key, its name to be
-- ARGV  1 soak id  2... fields of the soak and their values
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
for index = 3, #KEYS, 2 do
  if redis.call('EXISTS', KEYS[index]) == 0 then return -1 end
end
for index = 3, #KEYS, 2 do
  redis.call('RENAME', KEYS[index], KEYS[index + 1])
  redis.call('PERSIST', KEYS[index + 1])
end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
redis.call('ZADD', KEYS[2], 0, ARGV[1])
return 1
