-- Stores the outcome of a pending tick. The first outcome wins, except that a created soak replaces
-- a refusal. Returns 1 if the entry is now as given, else 0.
--
-- key   schedule, entries, ticks, pending (ticks)
-- arg   tick (as text), entry: nil deletes it; soakId: nil if no soak was created
if redis.call('HEXISTS', key.entries, arg.tick) == 0 then return 0 end
local pending = redis.call('SREM', key.pending, arg.tick)
if pending == 0 and not arg.soakId then return 0 end
if not arg.entry then
  redis.call('HDEL', key.entries, arg.tick)
  redis.call('ZREM', key.ticks, arg.tick)
  return 1
end
redis.call('HSET', key.entries, arg.tick, arg.entry)
if arg.soakId and pending == 1 then redis.call('HSET', key.schedule, 'lastSoakId', arg.soakId) end
return 1
