-- Stores a schedule if its revision is still the one that was read. Returns 'stored'; 'conflict'; or
-- 'full': it is new, and there are as many as may be.
--
-- key   schedule, schedules
-- arg   name, before: the revision that was read, nil: the schedule did not exist; revision, record
--       most: schedules that there may be
--       tickedUntilMs: ticks up to this time are no longer due; nil: unchanged
if (redis.call('HGET', key.schedule, 'revision') or nil) ~= arg.before then return 'conflict' end
if not arg.before and redis.call('ZCARD', key.schedules) >= arg.most then return 'full' end
redis.call('HSET', key.schedule, 'revision', arg.revision, 'record', arg.record)
if arg.tickedUntilMs then
  redis.call('HSET', key.schedule, 'tickedUntilMs', arg.tickedUntilMs)
end
redis.call('ZADD', key.schedules, 0, arg.name)
return 'stored'
