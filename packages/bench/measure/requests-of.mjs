/** Has a contender say what is to be sent to it. */
export async function requestsOf(worker, count, warming) {
  const told = await worker.tell('requests', { count, warming })
  return Array.isArray(told) ? told : Array.from({ length: count }, () => told.each)
}
