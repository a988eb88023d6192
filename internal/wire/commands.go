package wire

import (
	"encoding/json"

	"switchboard/internal/chat"
)

func send(f *fields) chat.Command {
	return chat.Send{
		Text:     f.message("Message cannot be empty"),
		Room:     f.roomOrCurrent(),
		ClientID: f.clientID(),
		ReplyTo:  f.messageID("replyTo", false),
	}
}

func sendPrivate(f *fields) chat.Command {
	const incomplete = "Target user ID and message required for private messages"
	target, _ := f.stringOf("targetUserId")
	if target == "" {
		f.refusef(incomplete)
	}
	text := f.message(incomplete)
	id, err := chat.ParseUserID(target)
	if err != nil {
		f.refuse(err)
	}
	return chat.SendPrivate{Target: id, Text: text, ClientID: f.clientID(), ReplyTo: f.messageID("replyTo", false)}
}

func join(f *fields) chat.Command {
	return chat.Join{Room: f.room(), Stay: f.flag("stay"), Since: f.seq("since")}
}

func leave(f *fields) chat.Command { return chat.Leave{Room: f.roomOrCurrent()} }

func listRooms(f *fields) chat.Command {
	return chat.ListRooms{
		Query:  f.text("query", chat.MaxQueryBytes),
		Cursor: f.text("cursor", chat.MaxCursorBytes),
	}
}

func readHistory(f *fields) chat.Command {
	cmd := chat.ReadHistory{Room: f.room(), Before: f.seq("before"), After: f.seq("after")}
	if cmd.Before != nil && cmd.After != nil {
		f.refusef("Only one of before and after can be given")
	}
	if raw, given := f.value("limit"); given {
		cmd.Limit = int(f.whole("limit", raw, 1, chat.MaxHistoryLimit))
	}
	return cmd
}

func resume(f *fields) chat.Command {
	var list []map[string]json.RawMessage
	raw, given := f.value("rooms")
	if !given || json.Unmarshal(raw, &list) != nil || len(list) < 1 || len(list) > chat.MaxResumeRooms {
		f.refusef("rooms must be a list of 1 to %d of {roomId, since}", chat.MaxResumeRooms)
		return nil
	}
	var cmd chat.Resume
	named := map[chat.RoomID]bool{}
	for _, entry := range list {
		room := &fields{raw: entry}
		since := chat.Since{Room: room.room()}
		seq := room.seq("since")
		if seq == nil {
			room.refusef("since is required for every room")
		} else {
			since.Seq = *seq
		}
		if named[since.Room] {
			room.refusef("rooms must name each room once")
		}
		named[since.Room] = true
		if room.err != nil {
			f.refuse(room.err)
			return nil
		}
		cmd.Rooms = append(cmd.Rooms, since)
	}
	return cmd
}

func signOut(*fields) chat.Command { return chat.SignOut{} }

func ping(f *fields) chat.Command {
	var heads map[string]json.RawMessage
	raw, given := f.value("heads")
	if !given {
		return chat.Ping{}
	}
	if json.Unmarshal(raw, &heads) != nil || len(heads) > chat.MaxPingRooms {
		f.refusef("heads must name at most %d rooms, each with a number", chat.MaxPingRooms)
		return nil
	}
	cmd := chat.Ping{Heads: make(map[chat.RoomID]int64, len(heads))}
	for name, raw := range heads {
		room, err := chat.ParseRoomID(name)
		if err != nil {
			f.refuse(err)
		}
		cmd.Heads[room] = f.whole("Every number in heads", raw, 0, maxSeq)
	}
	return cmd
}

func typing(f *fields) chat.Command {
	if _, given := f.value("on"); !given {
		f.refusef("on must be true or false")
	}
	return chat.Typing{Room: f.room(), On: f.flag("on")}
}

func presence(f *fields) chat.Command {
	s, _ := f.stringOf("status")
	status := chat.Status(s)
	switch status {
	case chat.Online, chat.Away, chat.Busy:
	default:
		f.refusef("status must be online, away or busy")
	}
	return chat.SetPresence{Status: status}
}

func listMembers(f *fields) chat.Command {
	return chat.ListMembers{Room: f.room(), Cursor: f.text("cursor", chat.MaxCursorBytes)}
}

func markRead(f *fields) chat.Command {
	cmd := chat.MarkRead{Room: f.room()}
	seq := f.seq("seq")
	if seq == nil {
		f.refusef("seq is required")
		return nil
	}
	cmd.Seq = *seq
	return cmd
}
