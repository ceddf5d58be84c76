// What can go wrong between widget and service, by kind; languages/*.js has a sentence for each.

const KINDS = { 413: "invalid", 422: "invalid", 429: "busy", 502: "down", 503: "down", 504: "timeout" };
const PATIENCE = 10;

/** A failure with its kind; `seconds` to wait where busy, `problem` where the service described it. */
export class Failure extends Error {
  constructor(kind, { seconds = PATIENCE, problem = null } = {}) {
    super(kind);
    this.kind = kind;
    this.seconds = seconds;
    this.problem = problem;
  }

  /** One sentence for people. */
  sentence(words) {
    const said = words.failures[this.kind] ?? words.failures.other;
    return typeof said === "function" ? said(this.seconds) : said;
  }
}

/** The failure that a response with an error status means. */
export async function failureOf(response) {
  const seconds = Math.max(1, Math.ceil(Number(response.headers.get("Retry-After")) || PATIENCE));
  const problem = await response.json().catch(() => null);
  return new Failure(kindOf(response.status, problem), { seconds, problem });
}

/** The failure that an error event in the stream means. */
export function failureOfEvent(problem) {
  return new Failure(kindOf(problem.status, problem), { problem });
}

function kindOf(status, problem) {
  return String(problem?.type).endsWith(":timeout") ? "timeout" : KINDS[status] ?? "other";
}
