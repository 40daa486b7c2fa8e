-- Stores the state of a webhook delivery with its tick's entry. Returns 1, or 0 without an entry.
--
-- key   entries
-- arg   tick (as text), became: the state of the delivery
if redis.call('HEXISTS', key.entries, arg.tick) == 0 then return 0 end
redis.call('HSET', key.entries, arg.tick .. ':webhook', arg.became)
return 1
