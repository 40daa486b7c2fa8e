-- Pins a soak under a name; replaces the soak that had the name. The soak is checked in the same
-- step, because retention may be deleting it. Returns 'pinned', 'no soak', 'not done', or 'full': the
-- name is new, and there are as many as may be.
--
-- key   baselines, soak
-- arg   name, baseline (as JSON), most: baselines that there may be
local record = redis.call('HGET', key.soak, 'record')
if not record then return 'no soak' end
local done = tonumber(redis.call('HGET', key.soak, 'done') or '0')
if done < #cjson.decode(record).runIds then return 'not done' end
if redis.call('HEXISTS', key.baselines, arg.name) == 0
  and redis.call('HLEN', key.baselines) >= arg.most
then
  return 'full'
end
redis.call('HSET', key.baselines, arg.name, arg.baseline)
return 'pinned'
