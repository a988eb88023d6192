// How to connect to the API: {url, protocols}. A token goes as a sub-protocol, so that no address and no log has it; a guest who has
// none yet gives a name.
export function addressOf(api, { token, name }, roomId) {
  const url = new URL(api);
  if (roomId) url.searchParams.set('roomId', roomId);
  if (name) url.searchParams.set('username', name);
  const protocols = ['switchboard.v1'];
  if (token) protocols.push(`bearer.${token}`);
  return { url: url.href, protocols };
}
