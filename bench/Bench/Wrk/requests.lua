-- Sends each account's requests in turn, from the list that the orchestrator wrote, and prints what came of it as JSON.
local list = dofile(os.getenv("KATAVEN_BENCH_REQUESTS"))
local requests, last = {}, 0

function init(args)
  for round = 1, #list.bodies do
    for number, target in ipairs(list.targets) do
      -- Accounts are at different places of the list, so that not all of them write at once.
      local body = list.bodies[(round + number * 7) % #list.bodies + 1]
      local headers = { ["Content-Type"] = "application/json", ["X-Account-ID"] = target.account, ["Accept"] = list.accept }
      if target.token then
        headers["Authorization"] = "Bearer " .. target.token
      end
      requests[#requests + 1] = wrk.format("POST", "/api/query", headers, body)
    end
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end

-- Neither the product nor a rival answers a query with 1xx, 3xx or another 2xx than 200, so the errors by status are all that is not 200.
function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%.6f,"p50":%.3f,"p99":%.3f,"slowest":%.3f,"status":%d,"sockets":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
