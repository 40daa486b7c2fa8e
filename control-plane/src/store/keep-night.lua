-- Keeps the figures of a schedule's soak under its tick, in place of what is there. Answers 1, or 0
-- when there is no such schedule: a soak may outlive it.
--
-- key   schedule, nights
-- arg   tickAtMs, night (as JSON), kept: how many nights are
if redis.call('HEXISTS', key.schedule, 'revision') == 0 then return 0 end
redis.call('ZREMRANGEBYSCORE', key.nights, arg.tickAtMs, arg.tickAtMs)
redis.call('ZADD', key.nights, arg.tickAtMs, arg.night)
redis.call('ZREMRANGEBYRANK', key.nights, 0, -1 - arg.kept)
redis.call('HINCRBY', key.schedule, 'nightsKept', 1)
return 1
