/** Whether an address leads to whoever uses it: right in a sidecar, and of no use to anybody else. */
export function isThisHost(url: string): boolean {
  return /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/.test(url);
}
