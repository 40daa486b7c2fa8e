-- Takes new entries of streams for one consumer of a group, stream after stream. An entry whose text is
-- too long comes as '', so that its reader never holds it. A group is made with its stream's first
-- entry to take.
-- Returns how many of the streams it looked at; of each with entries: its index, whether there may be
-- more, and ids and texts in turns; and when that was, in milliseconds.
--
-- key   streams
-- arg   group, consumer, field
--       textBytes: of the longest text
--       streams: the most streams with entries; entries: the most of one stream
--       bytes: once the texts have this many, too long ones included, it takes no more
local function textOf(fields)
  for at = 1, #fields, 2 do
    if fields[at] == arg.field then return fields[at + 1] end
  end
  return ''
end

local function nextOf(stream)
  local words = { 'XREADGROUP', 'GROUP', arg.group, arg.consumer, 'COUNT', 1, 'STREAMS', stream, '>' }
  local answer = redis.pcall(unpack(words))
  if answer and answer.err and string.find(answer.err, 'NOGROUP', 1, true) then
    if redis.call('EXISTS', stream) == 0 then return nil end
    redis.call('XGROUP', 'CREATE', stream, arg.group, '0')
    answer = redis.pcall(unpack(words))
  end
  -- What is no stream has no entries: an agent without an identity can make anything of its key.
  if not answer or answer.err then return nil end
  return answer[1][2][1]
end

local looked, found, bytes = 0, {}, 0
for index, stream in ipairs(key.streams) do
  if #found >= arg.streams or bytes >= arg.bytes then break end
  looked = index
  local taken, more = {}, 0
  while true do
    if #taken >= 2 * arg.entries or bytes >= arg.bytes then
      more = 1
      break
    end
    local entry = nextOf(stream)
    if not entry then break end
    local text = textOf(entry[2])
    bytes = bytes + #text
    taken[#taken + 1] = entry[1]
    taken[#taken + 1] = #text <= arg.textBytes and text or ''
  end
  if #taken > 0 then found[#found + 1] = { index, more, taken } end
end
local time = redis.call('TIME')
return { looked, found, time[1] * 1000 + math.floor(time[2] / 1000) }
