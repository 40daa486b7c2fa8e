-- Deletes an agent unless it is live again or holds slots. Returns 1, or 0 if it was kept.
--
-- key   lease, reserved (slots), registered (agents), draining (agents), seen (agents),
--       own (list: the agent's other keys)
-- arg   agentId
if redis.call('EXISTS', key.lease) == 1 or redis.call('SCARD', key.reserved) > 0 then return 0 end
redis.call('UNLINK', unpack(key.own))
redis.call('SREM', key.registered, arg.agentId)
redis.call('SREM', key.draining, arg.agentId)
redis.call('ZREM', key.seen, arg.agentId)
return 1
