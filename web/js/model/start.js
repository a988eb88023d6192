// Why the page could not begin. status: the server answered the question for its settings with this status.
export class StartError extends Error {
  constructor(status) {
    super(`config.json: ${status}`);
    this.status = status;
  }
}

// What happened when the page could not begin, and what to do: {what, then}. A TypeError is fetch's for no answer at all, a SyntaxError that
// of an answer that is no JSON.
export function failureOf(error, { online, secure }) {
  if (!secure) return { what: 'This address is not secure, so the browser keeps from the page what it needs to sign in.', then: 'Open it by https, or at 127.0.0.1.' };
  if (error instanceof StartError) {
    return { what: `The server answered with ${error.status} in place of the page’s settings.`, then: 'It may be starting: try again in a moment. If this stays, whoever runs it finds the reason in its log.' };
  }
  if (error instanceof SyntaxError) return { what: 'The page’s settings cannot be read.', then: 'Whoever runs this server must mend its config.json.' };
  if (!online) return { what: 'You are offline.', then: 'Try again when you are back.' };
  if (error instanceof TypeError) return { what: 'The server did not answer.', then: 'It may be starting, or be away: try again in a moment.' };
  return { what: 'Something went wrong in the page itself.', then: 'Try again. If this stays, tell whoever runs it what the browser’s console says.' };
}
