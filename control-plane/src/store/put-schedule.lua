-- Stores a schedule if its revision is still the one that was read. Returns 1, or 0 on a conflict.
--
-- key   schedule, schedules
-- arg   name, before: the revision that was read, nil: the schedule did not exist; revision, record
--       tickedUntilMs: ticks up to this time are no longer due; nil: unchanged
if (redis.call('HGET', key.schedule, 'revision') or nil) ~= arg.before then return 0 end
redis.call('HSET', key.schedule, 'revision', arg.revision, 'record', arg.record)
if arg.tickedUntilMs then
  redis.call('HSET', key.schedule, 'tickedUntilMs', arg.tickedUntilMs)
end
redis.call('ZADD', key.schedules, 0, arg.name)
return 1
