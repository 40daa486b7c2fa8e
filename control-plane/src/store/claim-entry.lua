-- Takes over an entry that nobody has refreshed. Returns its text, '' where it is too long, and when
-- that was, in milliseconds; or nothing if another consumer was first, or it was cut off.
--
-- key   stream
-- arg   group, consumer, id, idleMs, field, textBytes
local claimed = redis.pcall('XCLAIM', key.stream, arg.group, arg.consumer, arg.idleMs, arg.id)
-- What is no stream any more has no entries, which is for the next sweep to see.
if claimed.err and string.find(claimed.err, 'WRONGTYPE', 1, true) then return {} end
if claimed.err then return claimed end
local entry = claimed[1]
if not entry then return {} end
local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
for at = 1, #entry[2], 2 do
  if entry[2][at] == arg.field then
    local text = entry[2][at + 1]
    return { #text <= arg.textBytes and text or '', nowMs }
  end
end
return { '', nowMs }
