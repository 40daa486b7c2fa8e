-- Deletes a soak and everything that is stored of its runs, whole or not at all.
-- Answers 1, or 0 when it is not there, not all of its runs are done, or a baseline pins it.
--
-- key   soak, soaks, baselines, own (list: all that is stored of its runs)
-- arg   soakId, runs: how many
if tonumber(redis.call('HGET', key.soak, 'done') or -1) ~= arg.runs then return 0 end
for _, baseline in ipairs(redis.call('HVALS', key.baselines)) do
  if cjson.decode(baseline).soakId == arg.soakId then return 0 end
end
redis.call('ZREM', key.soaks, arg.soakId)
redis.call('UNLINK', key.soak)
for _, own in ipairs(key.own) do redis.call('UNLINK', own) end
return 1
