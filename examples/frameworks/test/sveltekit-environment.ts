/** What SvelteKit makes of `$app/environment` while it serves. */
export const building = false
