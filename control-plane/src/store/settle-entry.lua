-- Says what became of a pending tick. The first answer stays, but a soak that was made is never
-- disowned: it comes before a refusal. Answers 1 when the entry is now as given, else 0.
--
-- KEYS  1 schedule  2 entries  3 ticks  4 pending ticks
-- ARGV  1 tick  2 entry, '' to drop it  3 soak id or ''
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then return 0 end
local pending = redis.call('SREM', KEYS[4], ARGV[1])
if pending == 0 and ARGV[3] == '' then return 0 end
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[2], ARGV[1])
  redis.call('ZREM', KEYS[3], ARGV[1])
  return 1
end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
if ARGV[3] ~= '' and pending == 1 then redis.call('HSET', KEYS[1], 'lastSoakId', ARGV[3]) end
return 1
