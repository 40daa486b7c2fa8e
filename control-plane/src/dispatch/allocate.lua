-- Allocates the chosen gang to a run: every slot or none. Returns the allocation as JSON, '' if a
-- slot is not available, or 'stale' if the run no longer waits for a gang. Idempotent: a repeated
-- call for the same run returns the same allocation, so two control planes cannot take slots twice.
--
-- key   run, soak, draining (agents), log (of allocations)
-- arg   runId, gang ({agentId, role, incarnation, host, system, slots}, ...), agentPrefix, logLength
if redis.call('HGET', key.run, 'state') ~= 'allocating' then return 'stale' end
local held = redis.call('HGET', key.run, 'allocation')
if held then return held end
if redis.call('HEXISTS', key.soak, 'cancelRequested') == 1 then return 'stale' end

local function reservedKey(agentId) return arg.agentPrefix .. agentId .. ':reserved' end

local taken = {}
for _, member in ipairs(arg.gang) do
  local id = member.agentId
  local live = redis.pcall('GET', arg.agentPrefix .. id .. ':lease') == member.incarnation
  taken[id] = (taken[id] or redis.call('SCARD', reservedKey(id))) + 1
  if not live or taken[id] > member.slots then return '' end
  if redis.call('SISMEMBER', key.draining, id) == 1 then return '' end
end

local gang, slots = {}, {}
for index, member in ipairs(arg.gang) do
  local id, role = member.agentId, member.role
  redis.call('SADD', reservedKey(id), arg.runId .. '.' .. role)
  gang[index] = {
    agentId = id, role = role, incarnation = member.incarnation, host = member.host,
    system = member.system,
  }
  slots[index] = { agentId = id, role = role, of = member.slots }
end
local epoch = redis.call('HINCRBY', key.run, 'epoch', 1)
local allocation = cjson.encode({ epoch = epoch, gang = gang })
redis.call('HSET', key.run, 'allocation', allocation)
redis.call('XADD', key.log, 'MAXLEN', '~', arg.logLength, '*', 'event',
  cjson.encode({ kind = 'allocated', runId = arg.runId, epoch = epoch, slots = slots }))
return allocation
