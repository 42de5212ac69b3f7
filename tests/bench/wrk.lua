-- One load by wrk: every second request has a new key, the others one that was sent before.
-- Arguments: the file with the raw request, the number of the run, the seed. Prints one line of JSON at the end.

local head, tail, run
local made = 0
local turn = 0

function init(args)
  local file = assert(io.open(args[1], "rb"))
  local raw = file:read("*a")
  file:close()
  local from, to = raw:find("bench-KKKK-KKKKKKKK", 1, true)
  head, tail = raw:sub(1, from - 1), raw:sub(to + 1)
  run = string.format("bench-%04d-", tonumber(args[2]))
  math.randomseed(tonumber(args[3]))
end

function request()
  turn = turn + 1
  local number
  if turn % 2 == 1 then
    made = made + 1
    number = made
  else
    number = math.random(made)
  end
  return head .. run .. string.format("%08d", number) .. tail
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "errors": %d, "p50_ms": %.3f, "p99_ms": %.3f}\n',
    summary.requests, summary.duration / 1e6, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
