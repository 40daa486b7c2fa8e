-- Confirms that the effects of a run's version were performed. Returns 1, or 0 if the run is
-- deleted.
--
-- key   run
-- arg   version
if redis.call('EXISTS', key.run) == 0 then return 0 end
redis.call('HSET', key.run, 'effected', arg.version)
return 1
