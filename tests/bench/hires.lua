-- wrk's side: takes the requests that crosswalk-bench-hires wrote, one after the other, and prints one JSON line.
-- Arguments after `--`: file, bytes of a request, how many to leave out.
local file, bytes

function init(args)
  bytes = tonumber(args[2])
  file = assert(io.open(args[1], "rb"))
  file:seek("set", bytes * tonumber(args[3]))
end

function request()
  local next = file:read(bytes)
  if next == nil then -- from the beginning: duplicates, which are counted and reported
    file:seek("set", 0)
    next = file:read(bytes)
  end
  return next
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"duration_us":%d,"p50_us":%d,"p99_us":%d,"not_2xx":%d,"socket_errors":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
