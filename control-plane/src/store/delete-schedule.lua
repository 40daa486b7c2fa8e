-- Removes a schedule of this revision with its history. Answers 1, or 0 when it has another.
--
-- KEYS  1 schedule  2 schedules  3 entries  4 ticks  5 pending ticks  6 nights
-- ARGV  1 name  2 revision
if redis.call('HGET', KEYS[1], 'revision') ~= ARGV[2] then return 0 end
redis.call('DEL', KEYS[1], KEYS[3], KEYS[4], KEYS[5], KEYS[6])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
