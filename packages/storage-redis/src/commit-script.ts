import { createScript } from './redis-script.ts'

/**
 * KEYS: the index of the partition, then the record of each operation.
 * ARGV: now, then for each operation: kind (i, r, c, d, or x for a delete without condition), the revision that it
 * expects, the record to write, its time to live. Returns 1 when all was applied, 0 when nothing was.
 *
 * All conditions are judged before the first write, and `ZCARD` fails on a foreign key before it too: a script that
 * fails later leaves behind what it has written.
 *
 * A client may send a command again when the connection broke before the answer came. If the first attempt was
 * applied, its new revisions are there (nobody else knows them), and the second one says so instead of losing
 * against itself.
 *
 * Each insert looks at three random entries of a larger index and drops those whose record Redis has freed. It adds
 * at most one, so among entries that are mostly dead an index shrinks.
 */
export const commitScript = createScript(`
local index, now, operations = KEYS[1], tonumber(ARGV[1]), #KEYS - 1
local entries = redis.call('ZCARD', index)

local function head(key)
  return string.match(redis.call('GETRANGE', key, 0, 63), '^(%S+) (%S+) ')
end

local function applied_before()
  for i = 1, operations do
    local text = ARGV[i * 4]
    if text ~= '' then
      local _, revision = head(KEYS[i + 1])
      if revision and revision == string.match(text, '^%S+ (%S+) ') then return 1 end
    end
  end
  return 0
end

for i = 1, operations do
  local kind = ARGV[i * 4 - 2]
  if kind ~= 'x' then
    local expiry, revision = head(KEYS[i + 1])
    local alive = expiry and (expiry == '-' or tonumber(expiry) > now)
    if kind == 'i' then
      if alive then return applied_before() end
    elseif not alive or revision ~= ARGV[i * 4 - 1] then
      return applied_before()
    end
  end
end

local life = entries == 0 and -2 or redis.call('PTTL', index)
local longest, eternal, added = 0, false, 0
for i = 1, operations do
  local key, kind, text, ttl = KEYS[i + 1], ARGV[i * 4 - 2], ARGV[i * 4], ARGV[i * 4 + 1]
  local member = string.sub(key, #index + 2)
  if kind == 'd' or kind == 'x' then
    redis.call('DEL', key)
    redis.call('ZREM', index, member)
  elseif text ~= '' then
    if ttl == '' then
      redis.call('SET', key, text)
      eternal = true
    else
      redis.call('SET', key, text, 'PX', ttl)
      longest = math.max(longest, tonumber(ttl))
    end
    added = added + redis.call('ZADD', index, 0, member)
  end
end

if eternal then
  if life >= 0 then redis.call('PERSIST', index) end
elseif longest > 0 and life ~= -1 and life < longest then
  redis.call('PEXPIRE', index, string.format('%.0f', longest * 1.25))
end

if added > 0 and entries > 8 then
  for _, member in ipairs(redis.call('ZRANDMEMBER', index, 3 * added)) do
    if redis.call('EXISTS', index .. ':' .. member) == 0 then redis.call('ZREM', index, member) end
  end
end
return 1
`)
