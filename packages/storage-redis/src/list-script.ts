import { createScript } from './redis-script.ts'

/**
 * KEYS: the index of the partition. ARGV: how the collection's entries begin, the entry after which to start, now,
 * how many ids to return, how many entries to look at. Returns the entry to go on after ('' at the end), then ids.
 *
 * The index is ordered by the bytes of its entries, which for UTF-8 is the order of code points. Entries whose
 * record Redis has freed are dropped on the way.
 */
export const listScript = createScript(`
local index, start, now = KEYS[1], ARGV[1], tonumber(ARGV[3])
local limit, budget = tonumber(ARGV[4]), tonumber(ARGV[5])
-- ';' is the character after the ':' with which every start ends.
local from, to = '(' .. ARGV[2], '(' .. string.sub(start, 1, -2) .. ';'
local page = { '' }
while true do
  local wanted = math.min(200, budget)
  local members = redis.call('ZRANGEBYLEX', index, from, to, 'LIMIT', 0, wanted)
  for _, member in ipairs(members) do
    local key = index .. ':' .. member
    local text = redis.call('GETRANGE', key, 0, 31)
    if text == '' then
      redis.call('ZREM', index, member)
    else
      local expiry = string.match(text, '^(%S+) ')
      if expiry == '-' or tonumber(expiry) > now then
        page[#page + 1] = string.sub(member, #start + 1)
        if #page > limit then return page end
      end
    end
    from = '(' .. member
  end
  budget = budget - #members
  if #members < wanted then return page end
  if budget == 0 then
    page[1] = string.sub(from, 2)
    return page
  end
end
`)
