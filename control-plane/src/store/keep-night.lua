-- Keeps the figures of a schedule's soak under its tick, in place of what is there. Answers 1, or 0
-- when there is no such schedule: a soak may outlive it.
--
-- KEYS  1 schedule  2 nights
-- ARGV  1 tick  2 night as JSON  3 nights that are kept
if redis.call('HEXISTS', KEYS[1], 'revision') == 0 then return 0 end
redis.call('ZREMRANGEBYSCORE', KEYS[2], ARGV[1], ARGV[1])
redis.call('ZADD', KEYS[2], ARGV[1], ARGV[2])
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -1 - tonumber(ARGV[3]))
redis.call('HINCRBY', KEYS[1], 'nightsKept', 1)
return 1
