// The room that is open stands in the address after #, so that a reload, the back button and a link find it.
export const hashOfRoom = (roomId) => `#room/${encodeURIComponent(roomId)}`;
export const hashOfPerson = (userId) => `#person/${encodeURIComponent(userId)}`;

// Gives {room} or {person}, or null for an address that names neither.
export function wantedIn(hash) {
  const [, kind, id] = /^#(room|person)\/(.+)$/u.exec(hash) ?? [];
  if (!kind) return null;
  try {
    return { [kind]: decodeURIComponent(id) };
  } catch {
    return null;
  }
}
