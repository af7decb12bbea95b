import { createScript } from './redis-script.ts'

/**
 * KEYS: indexes, all in one slot unless the server is no cluster. ARGV: now, how many records to remove, how many
 * entries to look at, the entry of the first index after which to start. Returns how many were removed, the number
 * of the index at which it stopped (0 when it came to the end of all), and the entry there to go on after.
 */
export const sweepScript = createScript(`
local now, limit, budget, from = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), '-'
if ARGV[4] ~= '' then from = '(' .. ARGV[4] end
local removed = 0
for number, index in ipairs(KEYS) do
  while true do
    if removed == limit or budget <= 0 then return { removed, number, string.sub(from, 2) } end
    local wanted = math.min(100, budget, limit - removed)
    local members = redis.call('ZRANGEBYLEX', index, from, '+', 'LIMIT', 0, wanted)
    for _, member in ipairs(members) do
      local key = index .. ':' .. member
      local text = redis.call('GETRANGE', key, 0, 31)
      local expiry = string.match(text, '^(%S+) ')
      if text == '' or (expiry and expiry ~= '-' and tonumber(expiry) <= now) then
        redis.call('DEL', key)
        redis.call('ZREM', index, member)
        removed = removed + 1
      end
      from = '(' .. member
    end
    -- An empty index costs a look as well.
    budget = budget - math.max(#members, 1)
    if #members < wanted then break end
  end
  from = '-'
end
return { removed, 0, '' }
`)
