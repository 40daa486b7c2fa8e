-- Replaces the document of a run by one with more in it. Answers 1, or 0 when it is not the one that
-- the new one was made from (any more), or is gone.
--
-- KEYS  1 result
-- ARGV  1 SHA-1 of the document that it was made from, in hex  2 document
if redis.sha1hex(redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
