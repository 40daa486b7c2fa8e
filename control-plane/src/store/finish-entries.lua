-- Deletes entries that have been processed. What is no stream any more has none: an agent without an
-- identity can make anything of its key, and must not keep the entries of others.
--
-- key   streams
-- arg   group
--       ids: of each of the streams, at most a few thousand
local function call(...)
  local answer = redis.pcall(...)
  if type(answer) == 'table' and answer.err and not string.find(answer.err, 'WRONGTYPE', 1, true) then
    error(answer.err)
  end
end

for index, stream in ipairs(key.streams) do
  local ids = arg.ids[index]
  call('XACK', stream, arg.group, unpack(ids))
  call('XDEL', stream, unpack(ids))
end
