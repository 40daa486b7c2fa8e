-- Deletes a soak and all data of its runs, atomically.
-- Returns 1, or 0 if it does not exist, has unfinished runs or is pinned by a baseline.
--
-- key   soak, soaks, baselines, own (list: all other keys of the soak and its runs)
-- arg   soakId, runs: the number of its runs
if tonumber(redis.call('HGET', key.soak, 'done') or -1) ~= arg.runs then return 0 end
for _, baseline in ipairs(redis.call('HVALS', key.baselines)) do
  if cjson.decode(baseline).soakId == arg.soakId then return 0 end
end
redis.call('ZREM', key.soaks, arg.soakId)
redis.call('UNLINK', key.soak)
for _, own in ipairs(key.own) do redis.call('UNLINK', own) end
return 1
