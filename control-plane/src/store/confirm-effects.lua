-- Confirms that the effects of a run's version were performed, and with it the versions after it that
-- have none. Returns 1, or 0 if the run is deleted.
--
-- key   run
-- arg   version
if redis.call('EXISTS', key.run) == 0 then return 0 end
local function number(name) return tonumber(redis.call('HGET', key.run, name)) or 0 end
local newest = number('acts') == arg.version and number('version') or arg.version
if newest > number('effected') then redis.call('HSET', key.run, 'effected', newest) end
return 1
