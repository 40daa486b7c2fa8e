-- Stores a run on top of the version that it was made from, together with everything that must
-- change in the same moment. Answers 1, or 0 when another writer was first.
--
-- KEYS  1 run  2 run's events  3 open runs  4 queue  5 soak  6 result  7 reports
-- ARGV  1 run id  2 version it was made from  3 version  4 state  5 record  6 event or ''
--       7 verdict or ''  8 result or ''  9 prefix of the agents' keys
--       10 since when it is in its state, in milliseconds
if redis.call('HGET', KEYS[1], 'version') ~= ARGV[2] then return 0 end
local before = redis.call('HGET', KEYS[1], 'state')
local after = ARGV[4]
redis.call('HSET', KEYS[1], 'version', ARGV[3], 'state', after, 'record', ARGV[5])
if ARGV[6] ~= '' then redis.call('XADD', KEYS[2], '*', 'event', ARGV[6]) end
if after ~= 'queued' and after ~= 'allocating' then redis.call('ZREM', KEYS[4], ARGV[1]) end
if before == 'queued' and after ~= 'queued' then redis.call('HINCRBY', KEYS[5], 'begun', 1) end
if after == 'done' and before ~= 'done' then
  redis.call('SREM', KEYS[3], ARGV[1])
  redis.call('HINCRBY', KEYS[5], 'done', 1)
  redis.call('HSET', KEYS[5], 'endedAtMs', ARGV[10])
  redis.call('HINCRBY', KEYS[5], 'verdict.' .. ARGV[7], 1)
  redis.call('SET', KEYS[6], ARGV[8])
  redis.call('DEL', KEYS[7])
  -- The slots are named by the allocation and not by the record: a run that was ended between
  -- its allocation and the record of it gives its slots back as well.
  local allocation = redis.call('HGET', KEYS[1], 'allocation')
  if allocation then
    for _, member in ipairs(cjson.decode(allocation).gang) do
      redis.call('SREM', ARGV[9] .. member.agentId .. ':reserved', ARGV[1] .. '.' .. member.role)
    end
  end
end
return 1
