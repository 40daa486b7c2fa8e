-- Replaces the document of a run by one with more in it. A document only ever grows, so that its
-- length tells which one the new one was made from. Answers 1, or 0 when another writer was first
-- or the document is gone.
--
-- KEYS  1 result
-- ARGV  1 bytes of the document that it was made from  2 document
if redis.call('STRLEN', KEYS[1]) ~= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
