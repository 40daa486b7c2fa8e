-- Cuts streams, and finds the entries in them that a consumer took and nobody has refreshed since.
-- Returns of each stream with such entries: its index, and ids and numbers of deliveries in turns.
--
-- key   streams
-- arg   group, idleMs
--       length: what a stream is cut to, approximately
--       entries: the most of one stream
local found = {}
for index, stream in ipairs(key.streams) do
  local pending = redis.pcall('XPENDING', stream, arg.group, 'IDLE', arg.idleMs, '-', '+', arg.entries)
  -- Without its group, nobody has taken anything.
  if not pending.err then
    redis.call('XTRIM', stream, 'MAXLEN', '~', arg.length)
    local entries = {}
    for _, entry in ipairs(pending) do
      entries[#entries + 1] = entry[1]
      entries[#entries + 1] = entry[4]
    end
    if #entries > 0 then found[#found + 1] = { index, entries } end
  end
end
return found
