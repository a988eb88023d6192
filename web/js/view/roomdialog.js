import { html } from '/static/vendor/preact-htm.js';
import { HandOver, Part, Remove } from './belonging.js';
import { Invite } from './invite.js';
import { Measures } from './measures.js';
import { Moderate } from './moderate.js';
import { OwnData } from './owndata.js';
import { Report } from './report.js';
import { RoomSettings } from './settings.js';

const dialogs = { invite: Invite, settings: RoomSettings, part: Part, handOver: HandOver, remove: Remove, moderate: Moderate, measures: Measures, data: OwnData, report: Report };

// The dialog about a room, somebody in it or the reader that is open, if one is. What it is about comes as {room, person, message, name}, as far
// as it needs them.
export function RoomDialog({ dialog, chat, go, onClose }) {
  const Open = dialogs[dialog?.name];
  return Open ? html`<${Open} ...${dialog.of} chat=${chat} go=${go} onClose=${onClose} />` : null;
}
