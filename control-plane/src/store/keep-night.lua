-- Stores the figures of a schedule's soak under its tick, replacing earlier ones. Returns 1, or 0
-- if the schedule does not exist: a soak may outlive its schedule.
--
-- key   schedule, nights
-- arg   tickAtMs, night (as JSON), kept: the most nights to keep
if redis.call('HEXISTS', key.schedule, 'revision') == 0 then return 0 end
redis.call('ZREMRANGEBYSCORE', key.nights, arg.tickAtMs, arg.tickAtMs)
redis.call('ZADD', key.nights, arg.tickAtMs, arg.night)
redis.call('ZREMRANGEBYRANK', key.nights, 0, -1 - arg.kept)
redis.call('HINCRBY', key.schedule, 'nightsKept', 1)
return 1
