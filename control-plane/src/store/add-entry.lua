-- Stores the decision about a tick, once. Returns 'added', 'taken' if the tick has an entry or is
-- over, or 'changed' if the schedule has another revision.
--
-- key   schedule, entries, ticks, pending (ticks)
-- arg   revision, tick (as text), entry
--       submits: whether its soak will be submitted
--       endsTicks: whether ticks up to this one are no longer due
--       kept: the most entries to keep
if redis.call('HGET', key.schedule, 'revision') ~= arg.revision then return 'changed' end
if arg.endsTicks then
  local untilMs = tonumber(redis.call('HGET', key.schedule, 'tickedUntilMs') or 0)
  if untilMs >= tonumber(arg.tick) then return 'taken' end
end
if redis.call('HSETNX', key.entries, arg.tick, arg.entry) == 0 then return 'taken' end
if arg.endsTicks then redis.call('HSET', key.schedule, 'tickedUntilMs', arg.tick) end
redis.call('ZADD', key.ticks, arg.tick, arg.tick)
if arg.submits then redis.call('SADD', key.pending, arg.tick) end
for _, tick in ipairs(redis.call('ZRANGE', key.ticks, 0, -1 - arg.kept)) do
  redis.call('HDEL', key.entries, tick, tick .. ':webhook')
  redis.call('ZREM', key.ticks, tick)
  redis.call('SREM', key.pending, tick)
end
return 'added'
