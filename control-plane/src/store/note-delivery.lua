-- Says beside the entry of a tick what became of its webhook. Answers 1, or 0 without such an entry.
--
-- KEYS  1 entries
-- ARGV  1 tick  2 what became of it
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1] .. ':webhook', ARGV[2])
return 1
