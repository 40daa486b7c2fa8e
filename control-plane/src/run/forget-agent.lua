-- Forgets an agent, unless it has come back or holds slots. Answers 1, or 0 when it stays.
--
-- KEYS  1 lease  2 registration  3 reserved slots  4 agents  5 draining agents  6 agents seen
--       7 asks for probes  8 answers of probes  9 incarnation that was ended in order
-- ARGV  1 agent id
if redis.call('EXISTS', KEYS[1]) == 1 or redis.call('SCARD', KEYS[3]) > 0 then return 0 end
redis.call('DEL', KEYS[2], KEYS[7], KEYS[8], KEYS[9])
redis.call('SREM', KEYS[4], ARGV[1])
redis.call('SREM', KEYS[5], ARGV[1])
redis.call('ZREM', KEYS[6], ARGV[1])
return 1
