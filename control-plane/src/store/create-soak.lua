-- Stores a soak, its runs and their places in the queue: all at once or not at all. A request that
-- names a key is remembered, and the same key again answers the soak that it made.
-- Answers {soak id, 1}, {id of the soak that the key made, 0}, or {'', 0} when the key was used for
-- another request.
--
-- KEYS  1 soak  2 soaks  3 queue  4 counter of places  5 open runs  6 key of the request
-- ARGV  1 soak id  2 record  3 runs [{runId, key, eventsKey, version, state, record, event}, ...]
--       4 places to a soak  5 fingerprint of the request, '' when it names no key
--       6 how long the key is remembered, in milliseconds
if ARGV[5] ~= '' then
  local known = redis.call('HMGET', KEYS[6], 'fingerprint', 'soakId')
  if known[1] then
    if known[1] ~= ARGV[5] then return { '', 0 } end
    return { known[2], 0 }
  end
  redis.call('HSET', KEYS[6], 'fingerprint', ARGV[5], 'soakId', ARGV[1])
  redis.call('PEXPIRE', KEYS[6], ARGV[6])
end
local place = redis.call('INCR', KEYS[4]) * tonumber(ARGV[4])
redis.call('HSET', KEYS[1], 'record', ARGV[2])
redis.call('ZADD', KEYS[2], 0, ARGV[1])
for index, run in ipairs(cjson.decode(ARGV[3])) do
  redis.call('HSET', run.key, 'version', run.version, 'state', run.state, 'record', run.record,
    'effected', run.version)
  redis.call('XADD', run.eventsKey, '*', 'event', run.event)
  redis.call('SADD', KEYS[5], run.runId)
  redis.call('ZADD', KEYS[3], place + index - 1, run.runId)
end
return { ARGV[1], 1 }
