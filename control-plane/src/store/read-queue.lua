-- Returns of each run in the queue, in its order: its id, its version, and the allocation that it
-- holds; '' where there is none.
--
-- key   queue
-- arg   runPrefix
local found = {}
for index, runId in ipairs(redis.call('ZRANGE', key.queue, 0, -1)) do
  local fields = redis.call('HMGET', arg.runPrefix .. runId, 'version', 'allocation')
  found[3 * index - 2] = runId
  found[3 * index - 1] = fields[1] or ''
  found[3 * index] = fields[2] or ''
end
return found
