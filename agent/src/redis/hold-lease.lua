-- Takes or renews the lease unless another incarnation holds it. Also writes the registration, so
-- that a Redis that lost its data is complete again after one renewal.
-- Returns {1}, or {0, holder, remaining milliseconds}.
--
-- KEYS  1 lease  2 registration  3 set of agents, unless the agent is enrolled
-- ARGV  1 incarnation  2 lease in milliseconds  3 registration  4 agent id
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return { 0, holder, redis.call('PTTL', KEYS[1]) }
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('SET', KEYS[2], ARGV[3])
if KEYS[3] then redis.call('SADD', KEYS[3], ARGV[4]) end
return { 1 }
