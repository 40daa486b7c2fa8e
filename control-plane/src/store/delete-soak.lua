-- Deletes a soak and all data of its runs, atomically.
-- Returns 1, or 0 if it does not exist, has unfinished runs or is pinned by a baseline.
--
-- key   soak, soaks, baselines, quotas, own (list: all other keys of the soak and its runs)
-- arg   soakId, runs: the number of its runs
if tonumber(redis.call('HGET', key.soak, 'done') or -1) ~= arg.runs then return 0 end
for _, baseline in ipairs(redis.call('HVALS', key.baselines)) do
  if cjson.decode(baseline).soakId == arg.soakId then return 0 end
end
redis.call('ZREM', key.soaks, arg.soakId)
local owned = redis.call('HMGET', key.soak, 'owner', 'bytes')
if owned[1] then
  local left = redis.call('HINCRBY', key.quotas, owned[1] .. '.bytes', -owned[2])
  -- Nothing is left of this owner, whose runs are done.
  if left <= 0 then redis.call('HDEL', key.quotas, owned[1] .. '.bytes', owned[1] .. '.runs') end
end
redis.call('UNLINK', key.soak)
for _, own in ipairs(key.own) do redis.call('UNLINK', own) end
return 1
