-- Stores a run on top of the version that it was made from, together with everything that must
-- change in the same moment. Answers 1, or 0 when another writer was first.
--
-- KEYS  1 run  2 run's events  3 runs at work  4 queue  5 soak  6 result  7 reports
--       8 soak's runs  9 log of allocations  10 ended soaks  11 cells
-- ARGV  1 run id  2 version it was made from  3 version  4 state  5 record  6 event or ''
--       7 verdict or ''  8 result or ''  9 prefix of the agents' keys  10 prefix of the runs' keys
--       11 length of the log
--       12 reports that the result was made from: one that came meanwhile is another writer
--       13 since when it is in its state, in milliseconds
--       14 key of its cell  15 notifier  16 layout
--       17 figures of its cell or '': those of the run before stay  18 most cells
if redis.call('HGET', KEYS[1], 'version') ~= ARGV[2] then return 0 end
if ARGV[4] == 'done' and redis.call('HLEN', KEYS[7]) ~= tonumber(ARGV[12]) then return 0 end
local waits = { queued = true, allocating = true }
local before = redis.call('HGET', KEYS[1], 'state')
local after = ARGV[4]
redis.call('HSET', KEYS[1], 'version', ARGV[3], 'state', after, 'record', ARGV[5])
if ARGV[6] ~= '' then redis.call('XADD', KEYS[2], '*', 'event', ARGV[6]) end
if waits[before] and not waits[after] then
  redis.call('ZREM', KEYS[4], ARGV[1])
  redis.call('SADD', KEYS[3], ARGV[1])
  redis.call('HINCRBY', KEYS[5], 'begun', 1)
end
if after ~= 'done' or before == 'done' then return 1 end

redis.call('SREM', KEYS[3], ARGV[1])
local done = redis.call('HINCRBY', KEYS[5], 'done', 1)
redis.call('HSET', KEYS[5], 'endedAtMs', ARGV[13])
local soakRecord = redis.call('HGET', KEYS[5], 'record')
local soak = soakRecord and cjson.decode(soakRecord)
if soak and done == #soak.runIds then redis.call('SADD', KEYS[10], soak.soakId) end
redis.call('HINCRBY', KEYS[5], 'verdict.' .. ARGV[7], 1)
if soak then
  -- Counted here and not by whoever tells it, so that no run is counted twice and none is lost.
  local of = soak.origin.kind == 'schedule' and soak.origin.schedule or ''
  local field = cjson.encode({ soak.name, of, ARGV[14] })
  local known = redis.call('HGET', KEYS[11], field)
  local cell = known and cjson.decode(known) or {
    soakName = soak.name, schedule = of, cell = ARGV[14], notifier = ARGV[15], layout = ARGV[16] }
  cell.atMs = tonumber(ARGV[13])
  cell[ARGV[7]] = (cell[ARGV[7]] or 0) + 1
  if ARGV[17] ~= '' then cell.figures = ARGV[17] end
  if not known and redis.call('HLEN', KEYS[11]) >= tonumber(ARGV[18]) then
    local oldest, oldestMs
    local cells = redis.call('HGETALL', KEYS[11])
    for index = 1, #cells, 2 do
      local atMs = cjson.decode(cells[index + 1]).atMs
      if not oldestMs or atMs < oldestMs then oldest, oldestMs = cells[index], atMs end
    end
    redis.call('HDEL', KEYS[11], oldest)
  end
  redis.call('HSET', KEYS[11], field, cjson.encode(cell))
end
redis.call('SET', KEYS[6], ARGV[8])
redis.call('DEL', KEYS[7])
-- The slots are named by the allocation and not by the record: a run that was ended between its
-- allocation and the record of it gives its slots back as well.
local allocation = redis.call('HGET', KEYS[1], 'allocation')
if allocation then
  local freed = {}
  for _, member in ipairs(cjson.decode(allocation).gang) do
    local slot = ARGV[1] .. '.' .. member.role
    if redis.call('SREM', ARGV[9] .. member.agentId .. ':reserved', slot) == 1 then
      freed[#freed + 1] = { agentId = member.agentId, role = member.role }
    end
  end
  if #freed > 0 then
    redis.call('XADD', KEYS[9], 'MAXLEN', '~', ARGV[11], '*', 'event',
      cjson.encode({ kind = 'freed', runId = ARGV[1], slots = freed }))
  end
end
-- It is the next run's turn, unless one before it is at work: a cancel ends runs in any order.
redis.call('ZREM', KEYS[8], ARGV[1])
local following = redis.call('ZRANGE', KEYS[8], 0, 0)[1]
if following and redis.call('HGET', ARGV[10] .. following, 'state') == 'queued' then
  redis.call('ZADD', KEYS[4], redis.call('HGET', KEYS[5], 'place'), following)
end
return 1
