package wire

import (
	"encoding/json"

	"switchboard/internal/chat"
)

// Decode reads a client's frame. The error is a *chat.Error with the code Invalid or
// TooLarge. ref is the frame's id wherever it can be read, with an error too.
func Decode(body string) (cmd chat.Command, ref string, err error) {
	if len(body) > maxBodyBytes {
		return nil, "", chat.Errorf(chat.TooLarge, "A frame can have at most %d bytes", maxFrameBytes)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal([]byte(body), &raw); err != nil || raw == nil {
		return nil, "", chat.Errorf(chat.Invalid, "Invalid JSON format")
	}
	f := &fields{raw: raw}
	ref = f.text("id", chat.MaxIDBytes)
	if f.err != nil {
		return nil, "", f.err
	}
	decode, err := decoderOf(raw["type"])
	if err != nil {
		return nil, ref, err
	}
	cmd = decode(f)
	if f.err != nil {
		return nil, ref, f.err
	}
	return cmd, ref, nil
}

// Types lists the types a client may send: the routes of the API besides API Gateway's own.
func Types() []string {
	var names []string
	for _, t := range types() {
		names = append(names, t.name)
	}
	return names
}

type frameType struct {
	name   string
	decode func(*fields) chat.Command
}

func types() []frameType {
	return []frameType{
		{"chat", send},
		{"join_room", join},
		{"leave_room", leave},
		{"private_message", sendPrivate},
		{"room_list", listRooms},
		{"history", readHistory},
		{"edit_message", edit},
		{"delete_message", remove},
		{"react", react},
		{"search", search},
		{"create_room", createRoom},
		{"update_room", updateRoom},
		{"invite", invite},
		{"accept_invite", acceptInvite},
		{"decline_invite", declineInvite},
		{"set_role", setRole},
		{"resume", resume},
		{"ping", ping},
		{"typing", typing},
		{"presence", presence},
		{"members", listMembers},
		{"read", markRead},
		{"sign_out", signOut},
		{"export", export},
		{"report_message", reportMessage},
		{"measures", listMeasures},
		{"invitations", listInvitations},
		{"mute_user", moderate(chat.ActMute)},
		{"unmute_user", moderate(chat.ActUnmute)},
		{"kick_user", moderate(chat.ActKick)},
		{"ban_user", moderate(chat.ActBan)},
		{"unban_user", moderate(chat.ActUnban)},
	}
}

// decoderOf finds what reads a frame of this type. A frame without one is a chat.
func decoderOf(raw json.RawMessage) (func(*fields) chat.Command, error) {
	if raw == nil {
		return send, nil
	}
	var name string
	if kindOf(raw) != '"' || json.Unmarshal(raw, &name) != nil {
		return nil, unknownType(string(raw))
	}
	for _, t := range types() {
		if t.name == name {
			return t.decode, nil
		}
	}
	return nil, unknownType(name)
}

func unknownType(written string) error {
	return chat.Errorf(chat.Invalid, "Unknown message type: %s", cut(written, 64))
}

func cut(s string, most int) string {
	n := 0
	for at := range s {
		if n == most {
			return s[:at]
		}
		n++
	}
	return s
}
