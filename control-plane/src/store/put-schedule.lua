-- Stores a schedule if its revision is still the one that was read. Returns 1, or 0 on a conflict.
--
-- key   schedule, schedules
-- arg   name, before: the revision that was read, nil for none; revision, record
--       tickedUntilMs: the ticks up to this moment are over; nil: that stays as it is
if (redis.call('HGET', key.schedule, 'revision') or nil) ~= arg.before then return 0 end
redis.call('HSET', key.schedule, 'revision', arg.revision, 'record', arg.record)
if arg.tickedUntilMs then
  redis.call('HSET', key.schedule, 'tickedUntilMs', arg.tickedUntilMs)
end
redis.call('ZADD', key.schedules, 0, arg.name)
return 1
