-- Deletes an entry that has been processed.
--
-- key   stream
-- arg   group, id
redis.call('XACK', key.stream, arg.group, arg.id)
redis.call('XDEL', key.stream, arg.id)
