// Failures of requests to the service, by kind; languages/*.js has a sentence for each kind.

const KINDS = { 413: "invalid", 422: "invalid", 429: "busy", 502: "down", 503: "down", 504: "timeout" };
const DEFAULT_SECONDS = 10;

/** A failure of one kind; `seconds` to wait if the service is busy, `problem` is its problem document, if any. */
export class Failure extends Error {
  constructor(kind, { seconds = DEFAULT_SECONDS, problem = null } = {}) {
    super(kind);
    this.kind = kind;
    this.seconds = seconds;
    this.problem = problem;
  }

  /** The sentence for people, in the language of `words`. */
  sentence(words) {
    const sentence = words.failures[this.kind] ?? words.failures.other;
    return typeof sentence === "function" ? sentence(this.seconds) : sentence;
  }
}

/** The failure for a response with an error status. */
export async function failureOf(response) {
  const seconds = Math.max(1, Math.ceil(Number(response.headers.get("Retry-After")) || DEFAULT_SECONDS));
  const problem = await response.json().catch(() => null);
  return new Failure(kindOf(response.status, problem), { seconds, problem });
}

/** The failure for an error event of the stream. */
export function failureOfEvent(problem) {
  return new Failure(kindOf(problem.status, problem), { problem });
}

function kindOf(status, problem) {
  return String(problem?.type).endsWith(":timeout") ? "timeout" : KINDS[status] ?? "other";
}
