// Where the page leads to.

/** The user guide. */
export function guide(baseUrl: string): string {
  return `${baseUrl}/docs`;
}

/** HubSpot's consent page, for an account that connects again. */
export function reconnect(baseUrl: string): string {
  return `${baseUrl}/oauth/start`;
}
