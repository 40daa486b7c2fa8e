-- Keeps the first report of its kind from a member while the run is not done, so that the judgement
-- finds it; later ones change nothing. Answers 1, or 0 when the run is done and its reports gone.
--
-- key   run, reports
-- arg   part: kind and member; report
if redis.call('HGET', key.run, 'state') == 'done' then return 0 end
redis.call('HSETNX', key.reports, arg.part, arg.report)
return 1
