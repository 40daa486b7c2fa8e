-- Takes over an entry that nobody has refreshed. Returns { its text }, '' where it is too long; or
-- nothing if another consumer was first, or it was cut off.
--
-- key   stream
-- arg   group, consumer, id, idleMs, field, textBytes
local claimed = redis.call('XCLAIM', key.stream, arg.group, arg.consumer, arg.idleMs, arg.id)
local entry = claimed[1]
if not entry then return {} end
for at = 1, #entry[2], 2 do
  if entry[2][at] == arg.field then
    local text = entry[2][at + 1]
    return { #text <= arg.textBytes and text or '' }
  end
end
return { '' }
