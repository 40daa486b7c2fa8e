-- Deletes a schedule and its history. Returns 1, or 0 if the schedule has another revision.
--
-- key   schedule, schedules, own (list: all other keys of this schedule)
-- arg   name, revision
if redis.call('HGET', key.schedule, 'revision') ~= arg.revision then return 0 end
redis.call('DEL', key.schedule, unpack(key.own))
redis.call('ZREM', key.schedules, arg.name)
return 1
