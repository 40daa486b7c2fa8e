-- Stores a soak and its runs, and enqueues its first run, atomically. If the request has an
-- idempotency key, a repeated request with that key returns the soak that the first one created.
-- Returns {soak id, 1}, {id of the existing soak, 0}, or {'', 0} if the key belongs to a different
-- request.
--
-- key   soak, soaks, queue, soakRuns, request
-- arg   soakId, record, runs ({runId, key, eventsKey, version, state, record, event}, ...)
--       place: queue score
--       fingerprint: of the request; nil: the request has no key
--       rememberMs: how long the key is remembered
if arg.fingerprint then
  local known = redis.call('HMGET', key.request, 'fingerprint', 'soakId')
  if known[1] then
    if known[1] ~= arg.fingerprint then return { '', 0 } end
    return { known[2], 0 }
  end
  redis.call('HSET', key.request, 'fingerprint', arg.fingerprint, 'soakId', arg.soakId)
  redis.call('PEXPIRE', key.request, arg.rememberMs)
end
redis.call('HSET', key.soak, 'record', arg.record, 'place', arg.place)
redis.call('ZADD', key.soaks, 0, arg.soakId)
for index, run in ipairs(arg.runs) do
  redis.call('HSET', run.key, 'version', run.version, 'state', run.state, 'record', run.record,
    'effected', run.version)
  redis.call('XADD', run.eventsKey, '*', 'event', run.event)
  redis.call('ZADD', key.soakRuns, index, run.runId)
end
redis.call('ZADD', key.queue, arg.place, arg.runs[1].runId)
return { arg.soakId, 1 }
