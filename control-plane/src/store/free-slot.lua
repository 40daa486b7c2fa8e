-- Gives back a slot that is held for a run which is done or gone. Answers 1, or 0 when it is not
-- held (any more) or its run lives.
--
-- key   run, reserved (slots of the agent), log (of allocations)
-- arg   runId, role, agentId, logLength
local state = redis.call('HGET', key.run, 'state')
if state and state ~= 'done' then return 0 end
if redis.call('SREM', key.reserved, arg.runId .. '.' .. arg.role) == 0 then return 0 end
redis.call('XADD', key.log, 'MAXLEN', '~', arg.logLength, '*', 'event', cjson.encode({
  kind = 'freed', runId = arg.runId, slots = { { agentId = arg.agentId, role = arg.role } },
}))
return 1
