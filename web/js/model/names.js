// Identifiers, as the server has them.
export const isPrivate = (roomId) => roomId.startsWith('dm_');
export const isGuest = (userId) => userId.startsWith('guest:');

// A guest's name, which anybody may take, never looks like a user's.
export const calledOf = (userId, name) => (isGuest(userId) ? `${name} (guest)` : name);

const reserved = /^(dm_|r_)/u;

// The id of a public room called name, or why there can be none. The server shows _ as a space and the first letter as a capital.
export function roomIdOf(name) {
  const id = name.trim().normalize('NFD').replace(/\p{Mn}/gu, '').replace(/\s+/gu, '_').toLowerCase();
  if (id === '') return { problem: 'Give the room a name' };
  if (!/^[a-z0-9._:-]+$/u.test(id)) return { problem: 'A name has letters from A to Z, digits, spaces and . : - _' };
  if (id.length > 64) return { problem: 'A name has at most 64 characters' };
  if (reserved.test(id)) return { problem: 'Names that begin with dm_ or r_ are the server’s' };
  return { id };
}

// A name to show until the server has said one.
export function titleOf(roomId) {
  return roomId.charAt(0).toUpperCase() + roomId.slice(1).replaceAll('_', ' ');
}

// The conversation of two people: dm_ and a hash of both ids, each after its length in 8 bytes, the lower one first.
export async function privateRoomId(a, b) {
  const encoder = new TextEncoder();
  const ids = [encoder.encode(a), encoder.encode(b)].sort(compareBytes);
  const bytes = new Uint8Array(ids.reduce((n, id) => n + 8 + id.length, 0));
  let at = 0;
  for (const id of ids) {
    new DataView(bytes.buffer).setUint32(at + 4, id.length);
    bytes.set(id, at + 8);
    at += 8 + id.length;
  }
  return `dm_${base64url(await crypto.subtle.digest('SHA-256', bytes))}`;
}

export function base64url(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/u, '');
}

function compareBytes(a, b) {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    if (a[i] !== b[i]) return a[i] - b[i];
  }
  return a.length - b.length;
}
