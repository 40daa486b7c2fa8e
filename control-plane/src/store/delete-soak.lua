-- Deletes a soak and everything that is stored of its runs, whole or not at all.
-- Answers 1, or 0 when it is not there, not all of its runs are done, or a baseline pins it.
--
-- KEYS  1 soak  2 soaks  3 baselines  4... all of its runs
-- ARGV  1 soak id  2 number of its runs
if redis.call('HGET', KEYS[1], 'done') ~= ARGV[2] then return 0 end
for _, baseline in ipairs(redis.call('HVALS', KEYS[3])) do
  if cjson.decode(baseline).soakId == ARGV[1] then return 0 end
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('UNLINK', KEYS[1])
for index = 4, #KEYS do redis.call('UNLINK', KEYS[index]) end
return 1
