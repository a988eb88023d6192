package wire

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"switchboard/internal/chat"
)

const day = 24 * time.Hour

func createRoom(f *fields) chat.Command {
	return chat.CreateRoom{Room: f.roomOrCurrent(), ClientID: f.clientIDOf("clientRoomId"), Settings: f.settings()}
}

func updateRoom(f *fields) chat.Command {
	return chat.UpdateRoom{Room: f.room(), Settings: f.settings()}
}

func invite(f *fields) chat.Command {
	cmd := chat.Invite{Room: f.room(), User: f.user(), As: chat.Member}
	if _, given := f.value("role"); given {
		cmd.As = f.role("role", chat.Member, chat.Moderator)
	}
	return cmd
}

func acceptInvite(f *fields) chat.Command { return chat.AcceptInvite{Room: f.room()} }

func declineInvite(f *fields) chat.Command { return chat.DeclineInvite{Room: f.room()} }

func setRole(f *fields) chat.Command {
	cmd := chat.SetRole{Room: f.room(), User: f.user()}
	cmd.Role = f.role("role", "none", chat.Member, chat.Moderator, chat.Owner)
	if cmd.Role == "none" {
		cmd.Role = ""
	}
	return cmd
}

// user reads the person the frame is about.
func (f *fields) user() chat.UserID {
	s, _ := f.stringOf("userId")
	id, err := chat.ParseUserID(s)
	if err != nil {
		f.refuse(err)
	}
	return id
}

func (f *fields) role(name string, known ...chat.Role) chat.Role {
	s, _ := f.stringOf(name)
	if !slices.Contains(known, chat.Role(s)) {
		f.refusef("%s must be one of %s", name, joined(known))
	}
	return chat.Role(s)
}

func joined[T ~string](words []T) string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = string(w)
	}
	return strings.Join(list, ", ")
}

// settings reads what is given of a room's policy.
func (f *fields) settings() chat.Settings {
	set := chat.Settings{
		Name:      f.line("name", chat.MaxRoomNameRunes),
		Topic:     f.line("topic", chat.MaxTopicRunes),
		Parent:    f.parent(),
		SlowMode:  f.span("slowModeSeconds", time.Second, chat.MaxSlowMode),
		Retention: f.span("retentionDays", day, chat.MaxRetentionDays*day),
		Locked:    f.choice("locked"),
		Guests:    f.choice("guests"),
		Inviters:  f.inviters(),
		Inherit:   f.inherit(),
	}
	if s, given := f.stringOf("visibility"); given {
		v := chat.Visibility(s)
		if v != chat.Public && v != chat.Unlisted && v != chat.Private {
			f.refusef("visibility must be one of public, unlisted, private")
		}
		set.Visibility = &v
	}
	return set
}

// line reads an optional text of one line: what would break the line is taken out.
func (f *fields) line(name string, most int) *string {
	s, given := f.stringOf(name)
	if !given {
		return nil
	}
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)), " ")
	if n := utf8.RuneCountInString(s); n > most {
		f.refuse(chat.Errorf(chat.TooLarge, "%s has %d characters, %d are allowed", name, n, most))
	}
	return &s
}

// parent reads an optional room, or with an empty text none.
func (f *fields) parent() *chat.RoomID {
	s, given := f.stringOf("parentId")
	if !given {
		return nil
	}
	id := chat.RoomID(s)
	if s != "" {
		if _, err := chat.ParseRoomID(s); err != nil {
			f.refuse(err)
		}
	}
	return &id
}

func (f *fields) span(name string, unit, most time.Duration) *time.Duration {
	raw, given := f.value(name)
	if !given {
		return nil
	}
	d := time.Duration(f.whole(name, raw, 0, int64(most/unit))) * unit
	return &d
}

func (f *fields) choice(name string) *bool {
	if _, given := f.value(name); !given {
		return nil
	}
	set := f.flag(name)
	return &set
}

func (f *fields) inviters() *chat.Role {
	raw, given := f.value("roles")
	if !given {
		return nil
	}
	roles := &fields{}
	if json.Unmarshal(raw, &roles.raw) != nil {
		f.refusef("roles must be {invite}")
		return nil
	}
	least := roles.role("invite", chat.Member, chat.Moderator, chat.Owner)
	if roles.err != nil {
		f.refuse(roles.err)
	}
	return &least
}

func (f *fields) inherit() []chat.Setting {
	var names []chat.Setting
	raw, given := f.value("inherit")
	if !given {
		return nil
	}
	strange := func(s chat.Setting) bool { return !slices.Contains(chat.AllSettings(), s) }
	if json.Unmarshal(raw, &names) != nil || slices.ContainsFunc(names, strange) {
		f.refusef("inherit must be a list of %s", joined(chat.AllSettings()))
	}
	return names
}

// The data of frames about rooms and what people are in them.
type (
	// policy is what room_joined and room tell of a room.
	policy struct {
		RoomID      chat.RoomID     `json:"roomId"`
		Name        string          `json:"name"`
		Topic       string          `json:"topic"`
		ParentID    chat.RoomID     `json:"parentId"`
		Visibility  chat.Visibility `json:"visibility"`
		OwnerID     chat.UserID     `json:"ownerId"`
		Locked      bool            `json:"locked"`
		Guests      bool            `json:"guests"`
		SlowMode    int             `json:"slowModeSeconds"`
		Retention   int64           `json:"retentionDays"`
		EditSeconds int64           `json:"editSeconds"`
		Roles       roles           `json:"roles"`
		Inherited   []chat.Setting  `json:"inherited"`
	}

	roles struct {
		Invite chat.Role `json:"invite"`
	}

	roomChanged struct {
		policy
		ActiveUsers int   `json:"activeUsers,omitempty"`
		Rev         int64 `json:"rev"`
		Timestamp   int64 `json:"timestamp"`
	}

	memberChanged struct {
		RoomID    chat.RoomID `json:"roomId"`
		UserID    chat.UserID `json:"userId"`
		Role      string      `json:"role"`
		InvitedAs chat.Role   `json:"invitedAs,omitempty"`
		By        chat.UserID `json:"by"`
		Timestamp int64       `json:"timestamp"`
	}

	invited struct {
		RoomID    chat.RoomID `json:"roomId"`
		Name      string      `json:"name"`
		Role      chat.Role   `json:"role"`
		By        chat.UserID `json:"by"`
		ByName    string      `json:"byName"`
		Timestamp int64       `json:"timestamp"`
	}
)

func policyOf(r chat.Room) policy {
	p := policy{
		RoomID:      r.ID,
		Name:        r.Name,
		Topic:       r.Topic,
		ParentID:    r.Parent,
		Visibility:  r.Visibility,
		OwnerID:     r.Owner,
		Locked:      r.Locked,
		Guests:      !r.GuestsOut,
		SlowMode:    inSeconds(r.SlowMode),
		Retention:   int64(r.Retention / day),
		EditSeconds: int64(r.EditWindow.Seconds()),
		Roles:       roles{Invite: r.Inviters},
		Inherited:   listed(r.Inherits),
	}
	if r.Inviters == "" {
		p.Roles.Invite = chat.Moderator
	}
	return p
}

func roomChangedOf(e chat.RoomChanged) roomChanged {
	return roomChanged{policyOf(e.Room), e.ActiveUsers, e.Room.Rev, e.At.Unix()}
}

func memberChangedOf(e chat.MemberChanged) memberChanged {
	return memberChanged{e.Room, e.UserID, roleOf(e.Role), e.InvitedAs, e.By, e.At.Unix()}
}

func invitedOf(e chat.Invited) invited {
	return invited{e.Room, e.Name, e.As, e.By, e.ByName, e.At.Unix()}
}
