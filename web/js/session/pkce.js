import { base64url } from '../model/names.js';

// 256 bits that nobody can guess, as text for URLs.
export function secret() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)).buffer);
}

// The challenge of a verifier: RFC 7636, S256.
export async function challengeOf(verifier) {
  return base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)));
}

// What a JWT claims, unverified: for the page's own clock only. null for what is no JWT.
export function claimsOf(token) {
  try {
    const bytes = Uint8Array.from(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' ? claims : null;
  } catch {
    return null;
  }
}
