-- Replaces the result document of a run by an extended one. Returns 1, or 0 if the stored document
-- changed since it was read, or does not exist.
--
-- key      result
-- arg      madeFrom: SHA-1 of the document that was read, in hex
-- ARGV[2]  document
if redis.sha1hex(redis.call('GET', key.result) or '') ~= arg.madeFrom then return 0 end
redis.call('SET', key.result, ARGV[2])
return 1
