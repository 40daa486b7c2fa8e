-- Pins a soak under a name, in place of what the name stood for. The soak is looked at in the same
-- step, so that none is pinned that retention removes at this moment.
-- Answers 'pinned', 'no soak', or 'not done'.
--
-- KEYS  1 baselines  2 soak
-- ARGV  1 name  2 baseline as JSON
local record = redis.call('HGET', KEYS[2], 'record')
if not record then return 'no soak' end
local done = tonumber(redis.call('HGET', KEYS[2], 'done') or '0')
if done < #cjson.decode(record).runIds then return 'not done' end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 'pinned'
