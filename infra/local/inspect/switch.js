// A fault as a switch, with what it takes beside it.

const titles = {
  disconnect: 'Ends of connections', message: 'Messages from clients', push: 'Posts to connections', reader: 'Clients that read',
  dynamodb: 'DynamoDB', queue: 'SQS', function: 'Functions',
};
const usualPercent = 10;

const make = (name, className, text = '') => {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
};

// The list of those of a place, made when it is not there.
export const faultGroup = (groups, name) => {
  const place = name.slice(0, name.indexOf('-'));
  const found = groups.querySelector(`[data-place="${place}"]`);
  if (found) return found;
  const group = make('fieldset', 'fault-group');
  const list = make('ul', 'fault-list');
  list.dataset.place = place;
  group.append(make('legend', '', titles[place] ?? place), list);
  groups.append(group);
  return list;
};

// Words stand before a number, or around it where they say where it goes.
const words = (says, unit) => {
  const [before, after] = says.split('…').map((part) => part.trim());
  return { before, after: after ?? unit };
};

// A number with its words around it.
const numberField = (name, { before, after, least, most, step, value }) => {
  const label = make('label', 'fault-number');
  const input = make('input', 'field');
  Object.assign(input, { type: 'number', min: least, max: most, step, value, inputMode: 'decimal', required: true });
  input.setAttribute('aria-label', `${name}: ${before} ${after}`.trim());
  label.append(make('span', '', before), input, make('span', '', after));
  return { label, input };
};

const struck = (times) => (times === 0 ? '' : `struck ${times.toLocaleString('en')} ×`);

// The numbers of a fault.
const fieldsOf = ({ name, count, forMs }) => ({
  share: numberField(name, { before: 'strikes', after: '%', least: 0.01, most: 100, step: 'any', value: usualPercent }),
  ...(count && { count: numberField(name, { ...words(count.says, ''), ...count, step: 1, value: count.zero }) }),
  ...(forMs && { forMs: numberField(name, { ...words(forMs.says, 'ms'), ...forMs, step: 'any', value: forMs.zero }) }),
});

// {item, show}: the item of the list, and what brings it up to date. set(name, setting) is called with each change.
export const faultRow = (fault, set) => {
  const item = make('li', 'fault');
  const toggle = make('input', 'switch');
  Object.assign(toggle, { type: 'checkbox', id: `fault-${fault.name}` });
  toggle.setAttribute('role', 'switch');
  const label = make('label', 'fault-label');
  label.htmlFor = toggle.id;
  label.textContent = fault.says;
  const fields = fieldsOf(fault);
  const numbers = make('div', 'fault-numbers');
  numbers.append(make('code', '', fault.name), ...Object.values(fields).map((field) => field.label));
  const strikes = make('span', 'fault-strikes');
  item.append(toggle, label, strikes, numbers);

  const settled = () => Object.values(fields).every(({ input }) => input.reportValidity());
  const send = () => {
    if (!settled()) {
      toggle.checked = known > 0;
      return;
    }
    const setting = Object.fromEntries(Object.entries(fields).map(([key, { input }]) => [key, Number(input.value)]));
    set(fault.name, { ...setting, share: toggle.checked ? setting.share / 100 : 0 });
  };
  toggle.addEventListener('change', send);
  for (const { input } of Object.values(fields)) input.addEventListener('change', () => toggle.checked && send());

  let known = 0; // its share, as it was told last
  let told = '';
  const show = (now) => {
    strikes.textContent = struck(now.strikes);
    item.classList.toggle('striking', now.share > 0);
    const text = JSON.stringify([now.share, now.count?.value, now.forMs?.value]);
    if (text === told) return;
    told = text;
    known = now.share;
    toggle.checked = known > 0;
    if (known === 0) return;
    fields.share.input.value = Number((known * 100).toPrecision(6));
    for (const key of ['count', 'forMs']) if (fields[key]) fields[key].input.value = now[key].value;
  };
  return { item, show };
};
