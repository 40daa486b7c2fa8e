-- Gives a run the gang that was chosen for it: every slot or none. Answers the allocation as JSON,
-- '' when a slot is not to be had (any more), 'stale' when the run does not wait for a gang (any
-- more). Asked again for the same run it answers the same allocation, so two control planes cannot
-- take slots twice.
--
-- KEYS  1 run  2 soak  3 draining agents  4 log of allocations
-- ARGV  1 run id  2 gang [{agentId, role, incarnation, slots}, ...]  3 prefix of the agents' keys
--       4 length of the log
if redis.call('HGET', KEYS[1], 'state') ~= 'allocating' then return 'stale' end
local held = redis.call('HGET', KEYS[1], 'allocation')
if held then return held end
if redis.call('HEXISTS', KEYS[2], 'cancelAsked') == 1 then return 'stale' end

local function reservedKey(agentId) return ARGV[3] .. agentId .. ':reserved' end

local wanted = cjson.decode(ARGV[2])
local taken = {}
for _, member in ipairs(wanted) do
  local id = member.agentId
  local live = redis.call('GET', ARGV[3] .. id .. ':lease') == member.incarnation
  taken[id] = (taken[id] or redis.call('SCARD', reservedKey(id))) + 1
  if not live or taken[id] > member.slots then return '' end
  if redis.call('SISMEMBER', KEYS[3], id) == 1 then return '' end
end

local gang, slots = {}, {}
for index, member in ipairs(wanted) do
  local id, role = member.agentId, member.role
  redis.call('SADD', reservedKey(id), ARGV[1] .. '.' .. role)
  gang[index] = { agentId = id, role = role, incarnation = member.incarnation }
  slots[index] = { agentId = id, role = role, of = member.slots }
end
local epoch = redis.call('HINCRBY', KEYS[1], 'epoch', 1)
local allocation = cjson.encode({ epoch = epoch, gang = gang })
redis.call('HSET', KEYS[1], 'allocation', allocation)
redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[4], '*', 'event',
  cjson.encode({ kind = 'allocated', runId = ARGV[1], epoch = epoch, slots = slots }))
return allocation
