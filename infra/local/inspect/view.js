// How a call and a connection look. Text stays text.

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export const time = (iso) => clock.format(new Date(iso));

const element = (name, className, text) => {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
};

const outcome = (call) => {
  if (!call.ended) return 'Running';
  return call.failure ? 'Failed' : 'Done';
};

export const callRow = (call, chosen, choose) => {
  const item = document.createElement('li');
  const button = element('button', 'call', '');
  button.type = 'button';
  button.dataset.id = call.id;
  if (chosen) button.setAttribute('aria-current', 'true');
  button.append(
    element('span', 'time', time(call.began)),
    element('span', 'name', call.function),
    element('span', 'route', call.route),
    element('span', 'took', `${call.tookMs.toFixed(1)} ms`),
    element('span', call.failure ? 'outcome bad' : 'outcome', outcome(call)),
  );
  button.addEventListener('click', () => choose(call.id));
  item.append(button);
  return item;
};

export const connectionRow = (connection) => {
  const row = document.createElement('tr');
  for (const text of [connection.id, connection.principal || 'nobody in particular', connection.sourceIp, time(connection.connectedAt)]) {
    row.append(element('td', '', text));
  }
  return row;
};
