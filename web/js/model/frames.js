// Frames, version 1: {type, id?, ...fields} to the server, {type, ref?, data} from it. Fields and types that are unknown are let be.
export function encode(type, id, fields) {
  return JSON.stringify({ type, id, ...fields });
}

// Gives {type, ref, data}; {type: 'gateway', data: {message}} for what API Gateway says by itself; null for what is no frame.
export function decode(text) {
  let frame;
  try {
    frame = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof frame !== 'object' || frame === null) return null;
  if (typeof frame.type === 'string' && typeof frame.data === 'object' && frame.data !== null) {
    return { type: frame.type, ref: frame.ref, data: frame.data };
  }
  if (typeof frame.message === 'string' && 'requestId' in frame) return { type: 'gateway', data: { message: frame.message } };
  return null;
}

// Why a request came to nothing. code is the server's, or 'timeout' (no answer in time) or 'lost' (the connection ended).
export class RequestError extends Error {
  constructor(code, message, { retry = true, retryAfterMs = 0 } = {}) {
    super(message);
    this.code = code;
    this.retry = retry;
    this.retryAfterMs = retryAfterMs;
  }
}

const words = {
  invalid: 'That was not understood.',
  unauthorized: 'Your session has ended, sign in again.',
  forbidden: 'You may not do that here.',
  not_found: 'That is not there.',
  conflict: 'Somebody was faster, try again.',
  too_large: 'That is too long.',
  rate_limited: 'That was too fast, wait a moment.',
  muted: 'You cannot write here for now.',
  gone: 'The connection was replaced, it is being opened again.',
  unavailable: 'The service is busy or away, try again in a moment.',
  internal: 'Something went wrong on the server, try again.',
};

// The server's sentence comes first; the code stands in for one that is missing.
export function refusalOf(data) {
  const sentence = typeof data.message === 'string' && data.message !== '' ? ended(data.message) : words[data.code];
  return new RequestError(data.code, sentence ?? words.internal, { retry: data.retry === true, retryAfterMs: data.retryAfterMs ?? 0 });
}

function ended(sentence) {
  return /[.!?…]$/u.test(sentence) ? sentence : `${sentence}.`;
}
