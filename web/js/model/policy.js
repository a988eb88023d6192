// A room's rules, until the server has said them. rev grows with every change.
export const unknownPolicy = {
  visibility: 'public', parentId: '', ownerId: '', locked: false, guests: true, slowModeSeconds: 0, retentionDays: 0,
  roles: { invite: 'moderator' }, inherited: [], rev: 0,
};

// What a room beneath another can take over from it.
export const inheritable = ['visibility', 'locked', 'slowModeSeconds', 'retentionDays', 'guests', 'roles'];

// The rules as they are after data, in which the server says some of them, or all. Lists leave a lock out that is not there.
export function policyAfter(policy, data) {
  if ((data.rev ?? policy.rev) < policy.rev) return policy;
  const said = Object.keys(unknownPolicy).filter((name) => data[name] !== undefined);
  const next = { ...policy, ...Object.fromEntries(said.map((name) => [name, data[name]])) };
  return data.visibility === undefined ? next : { ...next, locked: data.locked ?? false };
}

// What has to be asked for so that a room with these rules gets the wanted ones: only what differs. In wanted, null is for what follows the
// room above.
export function changesTo(known, wanted) {
  const beneath = (wanted.parentId ?? known.parentId) !== '';
  const changes = {};
  const inherit = [];
  for (const [name, value] of Object.entries(wanted)) {
    const follows = beneath && known.inherited.includes(name);
    if (value === null) {
      if (beneath && !follows) inherit.push(name);
    } else if (follows || !same(known[name], value)) changes[name] = value;
  }
  return inherit.length > 0 ? { ...changes, inherit } : changes;
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// Followed rooms as a tree of two levels, in the order given: [{room, beneath: []}]. A room whose room above is not in the list stands by itself.
export function treeOf(rooms) {
  const ids = new Set(rooms.map((room) => room.id));
  const above = (room) => (ids.has(room.policy.parentId) ? room.policy.parentId : '');
  return rooms.filter((room) => above(room) === '').map((room) => ({ room, beneath: rooms.filter((other) => above(other) === room.id) }));
}
