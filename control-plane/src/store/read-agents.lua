-- Returns what changes of each agent: its leases, without one the incarnation that ended in an orderly
-- way, and how many slots runs hold on it, each a list in the order of the ids; and the ids that drain.
-- What an agent writes itself is read up to a length: it could be of any length, and of any type.
--
-- key   draining
-- arg   ids, agentPrefix, most: characters
local function ofAgent(id, name)
  local text = redis.pcall('GETRANGE', arg.agentPrefix .. id .. name, 0, arg.most)
  return type(text) == 'string' and text or ''
end

local leases, stopped, held = {}, {}, {}
for index, id in ipairs(arg.ids) do
  local lease = ofAgent(id, ':lease')
  leases[index] = lease
  stopped[index] = lease == '' and ofAgent(id, ':stopped') or ''
  held[index] = redis.call('SCARD', arg.agentPrefix .. id .. ':reserved')
end
return { leases, stopped, held, redis.call('SMEMBERS', key.draining) }
