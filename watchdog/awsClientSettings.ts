/** Of each AWS client: a hung call must not hold a round up for long. Region and credentials come from where the SDK finds them. */
export const awsClientSettings = {
  retryMode: 'standard',
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
} as const;
