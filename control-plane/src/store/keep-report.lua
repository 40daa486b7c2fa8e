-- Stores the first report of each kind and member for the judgement, until the run is done. Later
-- reports are ignored. Returns 1, or 0 if the run is done and its reports are deleted, or is deleted.
--
-- key   run, reports
-- arg   part: kind and member; report
local state = redis.call('HGET', key.run, 'state')
if not state or state == 'done' then return 0 end
redis.call('HSETNX', key.reports, arg.part, arg.report)
return 1
