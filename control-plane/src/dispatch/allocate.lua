-- Gives a run its gang: every slot or none. Answers the allocation as JSON, '' when there is no
-- room, 'stale' when the run is not (or no longer) waiting for one. Asked again for the same run
-- it answers the same allocation, so two control planes cannot take slots twice.
--
-- KEYS  1 run
-- ARGV  1 run id  2 number of fleet agents  3 candidates {server: [...], fleet: [...]}; without
--       `server` the gang is of fleets alone  4 prefix of the agents' keys
if redis.call('HGET', KEYS[1], 'state') ~= 'allocating' then return 'stale' end
local held = redis.call('HGET', KEYS[1], 'allocation')
if held then return held end

local function reservedKey(agentId) return ARGV[4] .. agentId .. ':reserved' end

-- Candidates with a live lease of the incarnation that was looked at, and with a free slot.
local function free(candidates)
  local found = {}
  for _, agent in ipairs(candidates) do
    if redis.call('GET', ARGV[4] .. agent.agentId .. ':lease') == agent.incarnation then
      agent.free = agent.slots - redis.call('SCARD', reservedKey(agent.agentId))
      if agent.free > 0 then found[#found + 1] = agent end
    end
  end
  -- The emptiest agent first; an idle cluster is always filled in the same order, so that repeats
  -- run on the same machines.
  table.sort(found, function(a, b)
    if a.free ~= b.free then return a.free > b.free end
    return a.agentId < b.agentId
  end)
  return found
end

local wanted = tonumber(ARGV[2])
local candidates = cjson.decode(ARGV[3])
local fleets = free(candidates.fleet)

-- Agents other than the server's first: server and fleet then do not share a machine.
local function fleetBeside(serverId)
  local chosen = {}
  for _, agent in ipairs(fleets) do
    if #chosen < wanted and agent.agentId ~= serverId then chosen[#chosen + 1] = agent end
  end
  for _, agent in ipairs(fleets) do
    if #chosen < wanted and agent.agentId == serverId and agent.free > 1 then
      chosen[#chosen + 1] = agent
    end
  end
  return #chosen == wanted and chosen or nil
end

local function allocate(server, fleet)
  local gang = {}
  local function take(agent, role)
    redis.call('SADD', reservedKey(agent.agentId), ARGV[1] .. '.' .. role)
    gang[#gang + 1] = { agentId = agent.agentId, role = role, incarnation = agent.incarnation }
  end
  if server then take(server, 'server') end
  for _, agent in ipairs(fleet) do take(agent, 'fleet') end
  local epoch = redis.call('HINCRBY', KEYS[1], 'epoch', 1)
  local allocation = cjson.encode({ epoch = epoch, gang = gang })
  redis.call('HSET', KEYS[1], 'allocation', allocation)
  return allocation
end

if candidates.server == nil then
  local fleet = fleetBeside(nil)
  return fleet and allocate(nil, fleet) or ''
end
for _, server in ipairs(free(candidates.server)) do
  local fleet = fleetBeside(server.agentId)
  if fleet then return allocate(server, fleet) end
end
return ''
