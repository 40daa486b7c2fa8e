-- Says beside the entry of a tick what became of its webhook. Answers 1, or 0 without such an entry.
--
-- key   entries
-- arg   tick (as text), became: what became of it
if redis.call('HEXISTS', key.entries, arg.tick) == 0 then return 0 end
redis.call('HSET', key.entries, arg.tick .. ':webhook', arg.became)
return 1
