-- Deletes a soak and everything that is stored of its runs, whole or not at all.
-- Answers 1, or 0 when it is not there or not all of its runs are done.
--
-- KEYS  1 soak  2 soaks  3... all of its runs
-- ARGV  1 soak id  2 number of its runs
if redis.call('HGET', KEYS[1], 'done') ~= ARGV[2] then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('UNLINK', KEYS[1])
for index = 3, #KEYS do redis.call('UNLINK', KEYS[index]) end
return 1
