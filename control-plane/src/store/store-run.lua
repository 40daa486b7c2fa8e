-- Stores a run if its version is still the one that was read, with all data that must change in the
-- same step. Returns 1, or 0 on a conflict.
--
-- key      run, events (of the run), atWork (runs), queue, soak, result, reports, soakRuns,
--          log (of allocations), ended (soaks), cells, quotas
-- arg      runId, before: the version that was read; version, state, record
--          event: nil if the state is unchanged
--          sinceMs: when it entered its state
--          acts: whether it has effects; if not, it is confirmed with the version before it
--          parts: kind and member of each report that is stored with it, as in keep-reports.lua
--          agentPrefix, runPrefix, logLength
--          outcome: for the state done only:
--            verdict, cell {key, notifier, layout}, maxCells
--            reports: the number of reports in the result; a later report is a conflict
--            figures: of its cell, as JSON; nil: the previous ones stay
-- ARGV[2]  the result document, if there is an outcome; else the first report, and so on
if tonumber(redis.call('HGET', key.run, 'version')) ~= arg.before then return 0 end
local outcome = arg.outcome
if outcome and redis.call('HLEN', key.reports) ~= outcome.reports then return 0 end
local waits = { queued = true, allocating = true }
local before = redis.call('HGET', key.run, 'state')
redis.call('HSET', key.run, 'version', arg.version, 'state', arg.state, 'record', arg.record)
if arg.acts then
  redis.call('HSET', key.run, 'acts', arg.version)
elseif tonumber(redis.call('HGET', key.run, 'effected')) == arg.before then
  redis.call('HSET', key.run, 'effected', arg.version)
end
for index, part in ipairs(arg.parts) do redis.call('HSETNX', key.reports, part, ARGV[1 + index]) end
if arg.event then redis.call('XADD', key.events, '*', 'event', arg.event) end
if waits[before] and not waits[arg.state] then
  redis.call('ZREM', key.queue, arg.runId)
  redis.call('SADD', key.atWork, arg.runId)
  redis.call('HINCRBY', key.soak, 'begun', 1)
end
if not outcome or before == 'done' then return 1 end

redis.call('SREM', key.atWork, arg.runId)
local done = redis.call('HINCRBY', key.soak, 'done', 1)
redis.call('HSET', key.soak, 'endedAtMs', arg.sinceMs)
local soakRecord = redis.call('HGET', key.soak, 'record')
local soak = soakRecord and cjson.decode(soakRecord)
if soak and done == #soak.runIds then redis.call('SADD', key.ended, soak.soakId) end
redis.call('HINCRBY', key.soak, 'verdict.' .. outcome.verdict, 1)
if soak then
  -- The script counts in the same step, so that each run is counted exactly once.
  local of = soak.origin.kind == 'schedule' and soak.origin.schedule or ''
  local field = cjson.encode({ soak.name, of, outcome.cell.key })
  local known = redis.call('HGET', key.cells, field)
  local cell = known and cjson.decode(known) or {
    soakName = soak.name, schedule = of, cell = outcome.cell.key,
    notifier = outcome.cell.notifier, layout = outcome.cell.layout }
  cell.atMs = arg.sinceMs
  cell[outcome.verdict] = (cell[outcome.verdict] or 0) + 1
  if outcome.figures then cell.figures = outcome.figures end
  if not known and redis.call('HLEN', key.cells) >= outcome.maxCells then
    local oldest, oldestMs
    local cells = redis.call('HGETALL', key.cells)
    for index = 1, #cells, 2 do
      local atMs = cjson.decode(cells[index + 1]).atMs
      if not oldestMs or atMs < oldestMs then oldest, oldestMs = cells[index], atMs end
    end
    redis.call('HDEL', key.cells, oldest)
  end
  redis.call('HSET', key.cells, field, cjson.encode(cell))
end
redis.call('SET', key.result, ARGV[2])
local owner = redis.call('HGET', key.soak, 'owner')
if owner then
  redis.call('HINCRBY', key.quotas, owner .. '.runs', -1)
  redis.call('HINCRBY', key.quotas, owner .. '.bytes', #ARGV[2])
  redis.call('HINCRBY', key.soak, 'bytes', #ARGV[2])
end
redis.call('DEL', key.reports)
-- Slots come from the allocation, not from the record: a run may end after its allocation and
-- before the record includes it, and must still free its slots.
local allocation = redis.call('HGET', key.run, 'allocation')
if allocation then
  local freed = {}
  for _, member in ipairs(cjson.decode(allocation).gang) do
    local slot = arg.runId .. '.' .. member.role
    if redis.call('SREM', arg.agentPrefix .. member.agentId .. ':reserved', slot) == 1 then
      freed[#freed + 1] = { agentId = member.agentId, role = member.role }
    end
  end
  if #freed > 0 then
    redis.call('XADD', key.log, 'MAXLEN', '~', arg.logLength, '*', 'event',
      cjson.encode({ kind = 'freed', runId = arg.runId, slots = freed }))
  end
end
-- Enqueue the next run unless an earlier one is active: a cancel ends runs in any order.
redis.call('ZREM', key.soakRuns, arg.runId)
local following = redis.call('ZRANGE', key.soakRuns, 0, 0)[1]
if following and redis.call('HGET', arg.runPrefix .. following, 'state') == 'queued' then
  redis.call('ZADD', key.queue, redis.call('HGET', key.soak, 'place'), following)
end
return 1
