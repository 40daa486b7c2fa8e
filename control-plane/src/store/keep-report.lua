-- Keeps the first report of its kind from a member while the run is not done, so that the judgement
-- finds it; later ones change nothing. Answers 1, or 0 when the run is done and its reports gone.
--
-- KEYS  1 run  2 reports
-- ARGV  1 kind and member  2 report
if redis.call('HGET', KEYS[1], 'state') == 'done' then return 0 end
redis.call('HSETNX', KEYS[2], ARGV[1], ARGV[2])
return 1
