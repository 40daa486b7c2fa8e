-- Gives back a slot that is held for a run which is done or gone. Answers 1, or 0 when it is not
-- held (any more) or its run lives.
--
-- KEYS  1 run  2 agent's reserved slots  3 log of allocations
-- ARGV  1 run id  2 role  3 agent id  4 length of the log
local state = redis.call('HGET', KEYS[1], 'state')
if state and state ~= 'done' then return 0 end
if redis.call('SREM', KEYS[2], ARGV[1] .. '.' .. ARGV[2]) == 0 then return 0 end
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[4], '*', 'event', cjson.encode({
  kind = 'freed', runId = ARGV[1], slots = { { agentId = ARGV[3], role = ARGV[2] } },
}))
return 1
