-- Stores the first report of each kind and member for the judgement, until the run is done. Later
-- reports are ignored. Returns 1, or 0 if the run is done and its reports are deleted, or is deleted.
--
-- key      run, reports
-- arg      parts: kind and member of each report
-- ARGV[2]  the first report, and so on
local state = redis.call('HGET', key.run, 'state')
if not state or state == 'done' then return 0 end
for index, part in ipairs(arg.parts) do redis.call('HSETNX', key.reports, part, ARGV[1 + index]) end
return 1
