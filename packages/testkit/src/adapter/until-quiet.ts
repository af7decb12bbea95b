/** Lets the event loop turn until a number stays the same for a hundred turns: whatever could go on without us has gone on. */
export async function untilQuiet(read: () => number): Promise<number> {
  let last = read()
  for (let same = 0; same < 100; same += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    const now = read()
    if (now !== last) same = 0
    last = now
  }
  return last
}
