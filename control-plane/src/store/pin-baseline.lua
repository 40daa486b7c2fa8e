-- Pins a soak under a name; replaces the soak that had the name. The soak is checked in the same
-- step, because retention may be deleting it. Returns 'pinned', 'no soak', or 'not done'.
--
-- key   baselines, soak
-- arg   name, baseline (as JSON)
local record = redis.call('HGET', key.soak, 'record')
if not record then return 'no soak' end
local done = tonumber(redis.call('HGET', key.soak, 'done') or '0')
if done < #cjson.decode(record).runIds then return 'not done' end
redis.call('HSET', key.baselines, arg.name, arg.baseline)
return 'pinned'
