-- Pins a soak under a name, in place of what the name stood for. The soak is looked at in the same
-- step, so that none is pinned that retention removes at this moment.
-- Answers 'pinned', 'no soak', or 'not done'.
--
-- key   baselines, soak
-- arg   name, baseline (as JSON)
local record = redis.call('HGET', key.soak, 'record')
if not record then return 'no soak' end
local done = tonumber(redis.call('HGET', key.soak, 'done') or '0')
if done < #cjson.decode(record).runIds then return 'not done' end
redis.call('HSET', key.baselines, arg.name, arg.baseline)
return 'pinned'
