-- Takes a join token, which works once, and enrols its agent. Returns 1, or 0 if the token is not there
-- any more.
--
-- key   link, enrolments, registered (agents)
-- arg   link (as it was read), agentId, enrolment (JSON)
if redis.call('GET', key.link) ~= arg.link then return 0 end
redis.call('DEL', key.link)
redis.call('HSET', key.enrolments, arg.agentId, arg.enrolment)
redis.call('SADD', key.registered, arg.agentId)
return 1
