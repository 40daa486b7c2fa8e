-- Stores a soak, its runs and its place in the queue, where its first run stands: all at once or
-- not at all. A request that names a key is remembered, and the same key again answers the soak
-- that it made.
-- Answers {soak id, 1}, {id of the soak that the key made, 0}, or {'', 0} when the key was used for
-- another request.
--
-- KEYS  1 soak  2 soaks  3 queue  4 soak's runs  5 key of the request
-- ARGV  1 soak id  2 record  3 runs [{runId, key, eventsKey, version, state, record, event}, ...]
--       4 place in the queue  5 fingerprint of the request, '' when it names no key
--       6 how long the key is remembered, in milliseconds
if ARGV[5] ~= '' then
  local known = redis.call('HMGET', KEYS[5], 'fingerprint', 'soakId')
  if known[1] then
    if known[1] ~= ARGV[5] then return { '', 0 } end
    return { known[2], 0 }
  end
  redis.call('HSET', KEYS[5], 'fingerprint', ARGV[5], 'soakId', ARGV[1])
  redis.call('PEXPIRE', KEYS[5], ARGV[6])
end
redis.call('HSET', KEYS[1], 'record', ARGV[2], 'place', ARGV[4])
redis.call('ZADD', KEYS[2], 0, ARGV[1])
local runs = cjson.decode(ARGV[3])
for index, run in ipairs(runs) do
  redis.call('HSET', run.key, 'version', run.version, 'state', run.state, 'record', run.record,
    'effected', run.version)
  redis.call('XADD', run.eventsKey, '*', 'event', run.event)
  redis.call('ZADD', KEYS[4], index, run.runId)
end
redis.call('ZADD', KEYS[3], ARGV[4], runs[1].runId)
return { ARGV[1], 1 }
