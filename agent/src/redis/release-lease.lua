-- Releases the lease if it is still ours, and records that the end was orderly.
--
-- KEYS  1 lease  2 incarnation that ended in an orderly way
-- ARGV  1 incarnation
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[1])
return redis.call('DEL', KEYS[1])
