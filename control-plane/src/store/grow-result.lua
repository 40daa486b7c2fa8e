-- Replaces the document of a run by one with more in it. Answers 1, or 0 when it is not the one that
-- the new one was made from (any more), or is gone.
--
-- key      result
-- arg      madeFrom: SHA-1 of the document that it was made from, in hex
-- ARGV[2]  document
if redis.sha1hex(redis.call('GET', key.result) or '') ~= arg.madeFrom then return 0 end
redis.call('SET', key.result, ARGV[2])
return 1
