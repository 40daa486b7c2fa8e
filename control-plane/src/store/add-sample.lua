-- Adds a sample to a run's. Returns 1, or 0 if the run is deleted.
--
-- key   run, samples
-- arg   sample, maxLength
if redis.call('EXISTS', key.run) == 0 then return 0 end
redis.call('XADD', key.samples, 'MAXLEN', '~', arg.maxLength, '*', 'sample', arg.sample)
return 1
