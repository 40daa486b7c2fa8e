-- Adds samples to their runs', in their order; not to a run that is deleted, nor to what is no stream:
-- it must not keep the samples of other runs.
--
-- key      runs, samples (of each of the runs)
-- arg      maxLength
--          of: for each sample, which of the runs it is of
-- ARGV[2]  the first sample, and so on
local open = {}
for index, run in ipairs(key.runs) do
  local kind = redis.call('TYPE', key.samples[index]).ok
  open[index] = redis.call('EXISTS', run) == 1 and (kind == 'stream' or kind == 'none')
end
for index, of in ipairs(arg.of) do
  if open[of] then
    redis.call('XADD', key.samples[of], 'MAXLEN', '~', arg.maxLength, '*', 'sample', ARGV[1 + index])
  end
end
