// The switches of what goes wrong on purpose. Each keeps what is written beside it while it is off.

import { faultGroup, faultRow } from './switch.js';

const address = 'faults';
const every = 1000;
const at = (id) => document.getElementById(id);
const rows = new Map(); // by the fault's name

const say = (text) => {
  at('faults-error').hidden = !text;
  at('faults-error').textContent = text;
};

const summarise = (faults) => {
  const on = faults.filter(({ share }) => share > 0).length;
  const strikes = faults.reduce((sum, fault) => sum + fault.strikes, 0);
  at('faults-on').textContent = on === 0 ? 'none on' : `${on} on`;
  at('faults-strikes').textContent = strikes === 0 ? '' : `struck ${strikes.toLocaleString('en')} ×`;
  at('faults-lamp').className = on === 0 ? 'lamp-dot' : 'lamp-dot busy';
  at('faults-clear').disabled = on === 0;
};

const show = ({ faults }) => {
  for (const fault of faults) {
    if (!rows.has(fault.name)) {
      const row = faultRow(fault, set);
      rows.set(fault.name, row);
      faultGroup(at('fault-groups'), fault.name).append(row.item);
    }
    rows.get(fault.name).show(fault);
  }
  summarise(faults);
  at('faults').hidden = false;
};

const ask = async (options) => {
  const answer = await fetch(address, options);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.message);
  return body;
};

const change = async (options) => {
  try {
    show(await ask(options));
    say('');
  } catch (error) {
    say(error.message);
    await ask().then(show, () => {}); // page.js says that the run is not reached
  }
};

const set = (name, setting) => change({
  method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ [name]: setting }),
});

const watch = async () => {
  await ask().then(show, () => {}); // as above
  setTimeout(watch, every);
};

at('faults-clear').addEventListener('click', () => change({ method: 'DELETE' }));
watch();
