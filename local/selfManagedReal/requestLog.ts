/** A request that a worker answered, as its own log has it. */
export interface RestRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly status: number;
  readonly userAgent: string;
}

/**
 * A line of a worker's log that tells of a request, in Jetty's extended format; `undefined`: it tells of something else.
 * Read in apache/kafka at tag 3.7.1 (RestServer.java, `CustomRequestLog(..., EXTENDED_NCSA_FORMAT + " %{ms}T")`).
 */
export function readRequest(line: string): RestRequest | undefined {
  const found =
    /"([A-Z]+) (\S+) HTTP\/[\d.]+" (\d{3}) \S+ "[^"]*" "([^"]*)" .*\(org\.apache\.kafka\.connect\.runtime\.rest\.RestServer:/.exec(
      line,
    );
  if (found === null) return undefined;
  const [, method = '', path = '', status, userAgent = ''] = found;
  return { method, path, status: Number(status), userAgent };
}
