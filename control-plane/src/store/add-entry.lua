-- Writes down what is to become of a tick, once. Answers 'added', 'taken' when the tick has an entry
-- or is over, 'changed' when the schedule has another revision by now.
--
-- KEYS  1 schedule  2 entries  3 ticks  4 pending ticks
-- ARGV  1 revision  2 tick  3 entry  4 1 when its soak is to be submitted, else 0
--       5 1 when the ticks up to this one are over by it, else 0  6 entries that are kept
if redis.call('HGET', KEYS[1], 'revision') ~= ARGV[1] then return 'changed' end
if ARGV[5] == '1' then
  local untilMs = tonumber(redis.call('HGET', KEYS[1], 'tickedUntilMs') or 0)
  if untilMs >= tonumber(ARGV[2]) then return 'taken' end
end
if redis.call('HSETNX', KEYS[2], ARGV[2], ARGV[3]) == 0 then return 'taken' end
if ARGV[5] == '1' then redis.call('HSET', KEYS[1], 'tickedUntilMs', ARGV[2]) end
redis.call('ZADD', KEYS[3], ARGV[2], ARGV[2])
if ARGV[4] == '1' then redis.call('SADD', KEYS[4], ARGV[2]) end
for _, tick in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1 - tonumber(ARGV[6]))) do
  redis.call('HDEL', KEYS[2], tick, tick .. ':webhook')
  redis.call('ZREM', KEYS[3], tick)
  redis.call('SREM', KEYS[4], tick)
end
return 'added'
