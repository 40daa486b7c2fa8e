-- Writes one key of every type that the cluster uses, in both of its name spaces. SET comes first:
-- Redis asks whether its memory is used up only until a script has written something, even a DEL.
for _, probe in ipairs(key.probes) do
  redis.call('SET', probe, '1')
  redis.call('DEL', probe)
  redis.call('HSET', probe, 'a', '1')
  redis.call('DEL', probe)
  redis.call('ZADD', probe, 0, 'a')
  redis.call('DEL', probe)
  redis.call('SADD', probe, 'a')
  redis.call('DEL', probe)
  redis.call('LPUSH', probe, 'a')
  redis.call('DEL', probe)
  redis.call('XADD', probe, '*', 'a', '1')
  redis.call('DEL', probe)
end
return 1
