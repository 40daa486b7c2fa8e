-- Stores a soak and its runs, and enqueues its first run, atomically. If the request has an
-- idempotency key, a repeated request with that key returns the soak that the first one created.
-- Returns {soak id, 1}, {id of the existing soak, 0}, {'', 0} if the key belongs to a different
-- request, or {'', 2 or 3, used} if its owner has not enough left for its runs (2) or bytes (3).
--
-- key   soak, soaks, queue, soakRuns, request, quotas
-- arg   soakId, record, runs ({runId, key, eventsKey, version, state, record, event}, ...)
--       place: queue score
--       fingerprint: of the request; nil: the request has no key
--       rememberMs: how long the key is remembered
--       owner: whose quotas it counts for; bytes; maxRuns, maxBytes: of the owner
if arg.fingerprint then
  local known = redis.call('HMGET', key.request, 'fingerprint', 'soakId')
  if known[1] then
    if known[1] ~= arg.fingerprint then return { '', 0 } end
    return { known[2], 0 }
  end
end
local runs = tonumber(redis.call('HGET', key.quotas, arg.owner .. '.runs') or 0)
if runs + #arg.runs > arg.maxRuns then return { '', 2, runs } end
local bytes = tonumber(redis.call('HGET', key.quotas, arg.owner .. '.bytes') or 0)
if bytes + arg.bytes > arg.maxBytes then return { '', 3, bytes } end
if arg.fingerprint then
  redis.call('HSET', key.request, 'fingerprint', arg.fingerprint, 'soakId', arg.soakId)
  redis.call('PEXPIRE', key.request, arg.rememberMs)
end
redis.call('HSET', key.soak, 'record', arg.record, 'place', arg.place, 'owner', arg.owner,
  'bytes', arg.bytes)
redis.call('HINCRBY', key.quotas, arg.owner .. '.runs', #arg.runs)
redis.call('HINCRBY', key.quotas, arg.owner .. '.bytes', arg.bytes)
redis.call('ZADD', key.soaks, 0, arg.soakId)
for index, run in ipairs(arg.runs) do
  redis.call('HSET', run.key, 'version', run.version, 'state', run.state, 'record', run.record,
    'effected', run.version)
  redis.call('XADD', run.eventsKey, '*', 'event', run.event)
  redis.call('ZADD', key.soakRuns, index, run.runId)
end
redis.call('ZADD', key.queue, arg.place, arg.runs[1].runId)
return { arg.soakId, 1 }
