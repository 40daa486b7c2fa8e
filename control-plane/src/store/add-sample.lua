-- Adds a sample to a run's. Returns 1, or 0 if the run is deleted.
--
-- key   run, samples
-- arg   maxLength
-- ARGV[2]  the sample
if redis.call('EXISTS', key.run) == 0 then return 0 end
redis.call('XADD', key.samples, 'MAXLEN', '~', arg.maxLength, '*', 'sample', ARGV[2])
return 1
