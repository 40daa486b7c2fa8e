-- Stores a schedule on top of the revision that was read. Answers 1, or 0 when another writer was
-- first.
--
-- KEYS  1 schedule  2 schedules
-- ARGV  1 name  2 revision that was read, '' for none  3 revision  4 record
--       5 the ticks up to this moment are over, '' to leave that as it is
if (redis.call('HGET', KEYS[1], 'revision') or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'revision', ARGV[3], 'record', ARGV[4])
if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'tickedUntilMs', ARGV[5]) end
redis.call('ZADD', KEYS[2], 0, ARGV[1])
return 1
