-- Frees a slot whose run is done or deleted. Returns 1, or 0 if the slot is not held or the run is
-- not done.
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
