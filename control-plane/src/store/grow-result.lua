-- Replaces the result document of a run by an extended one. Returns 1, or 0 if the stored one
-- has changed since it was read, or is deleted.
--
-- key      result
-- arg      madeFrom: SHA-1 of the document that it was made from, in hex
-- ARGV[2]  document
if redis.sha1hex(redis.call('GET', key.result) or '') ~= arg.madeFrom then return 0 end
redis.call('SET', key.result, ARGV[2])
return 1
