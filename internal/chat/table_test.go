package chat_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/chat"
	"switchboard/internal/wire"
)

// asks is a frame of each type. ROOM, TARGET, OTHERS and OWN are what it is tried on: a room,
// a member of it, and a message of a member's and of the sender's.
var asks = map[chat.Operation]string{
	"chat":            `"roomId":"ROOM","message":"hi"`,
	"join_room":       `"roomId":"ROOM","stay":true`,
	"leave_room":      `"roomId":"ROOM"`,
	"private_message": `"targetUserId":"TARGET","message":"hi"`,
	"room_list":       ``,
	"history":         `"roomId":"ROOM"`,
	"edit_message":    `"roomId":"ROOM","messageId":"OWN","message":"ho"`,
	"delete_message":  `"roomId":"ROOM","messageId":"OTHERS"`,
	"react":           `"roomId":"ROOM","messageId":"OTHERS","emoji":"👍","on":true`,
	"search":          `"roomId":"ROOM","query":"hi"`,
	"create_room":     `"name":"Plans"`,
	"update_room":     `"roomId":"ROOM","topic":"TARGET"`,
	"invite":          `"roomId":"ROOM","userId":"TARGET"`,
	"accept_invite":   `"roomId":"ROOM"`,
	"decline_invite":  `"roomId":"ROOM"`,
	"set_role":        `"roomId":"ROOM","userId":"TARGET","role":"moderator"`,
	"resume":          `"rooms":[{"roomId":"ROOM","since":0}]`,
	"ping":            ``,
	"typing":          `"roomId":"ROOM","on":true`,
	"presence":        `"status":"away"`,
	"members":         `"roomId":"ROOM"`,
	"read":            `"roomId":"ROOM","seq":1`,
	"sign_out":        ``,
	"export":          ``,
	"measures":        `"roomId":"ROOM"`,
	"invitations":     `"roomId":"ROOM"`,
	"report_message":  `"roomId":"ROOM","messageId":"OTHERS","reason":"x"`,
	"mute_user":       `"roomId":"ROOM","userId":"TARGET","seconds":60,"reason":"x"`,
	"unmute_user":     `"roomId":"ROOM","userId":"TARGET","reason":"x"`,
	"kick_user":       `"roomId":"ROOM","userId":"TARGET","reason":"x"`,
	"ban_user":        `"roomId":"ROOM","userId":"TARGET","reason":"x"`,
	"unban_user":      `"roomId":"ROOM","userId":"TARGET","reason":"x"`,
}

// Every frame is sent by everybody, as it is written, and what comes of it is compared with
// the table of rights.
func TestRights(t *testing.T) {
	h := newHouse(t)
	room := map[string]chat.RoomID{"public": "general", "private": "r_01K0", "everywhere": ""}
	h.enter("o", "olga", "general")
	must(t, h.store.CreateRoom(t.Context(), chat.Room{ID: "r_01K0", Name: "Plans", Visibility: chat.Private, CreatedAt: h.clock.Now()}))
	frames := 0
	for _, right := range chat.Rights() {
		fields, frame := asks[right.Operation]
		if !frame {
			continue
		}
		frames++
		for where, want := range map[string]string{"public": right.Public, "private": right.Private, "everywhere": right.Everywhere} {
			if want == "" {
				continue
			}
			var got strings.Builder
			for _, actor := range chat.Actors() {
				got.WriteString(h.try(actor, right.Operation, fields, room[where]))
			}
			if got.String() != want {
				t.Errorf("%s (%s) is allowed to %s, want %s", right.Operation, where, &got, want)
			}
		}
	}
	if frames != len(asks) {
		t.Errorf("the table has %d frames, want %d", frames, len(asks))
	}
}

// try sends a frame as a fresh person who is that in the room, on a fresh target.
func (h *house) try(actor string, op chat.Operation, fields string, room chat.RoomID) string {
	h.t.Helper()
	h.tries++
	n := fmt.Sprint(h.tries)
	user := map[string]string{"guest": chat.GuestPrefix}[actor] + "u" + n
	target := chat.UserID("t" + n)
	must(h.t, h.store.RememberUser(h.t.Context(), chat.User{ID: target, Name: "Target", KnownSince: h.clock.Now()}, ""))
	c := h.caller(chat.ConnectionID("none"+n), chat.UserID(user))
	if actor != "nobody" {
		var groups []string
		if slices.Contains([]string{chat.Ops, chat.Moderators, chat.Admins}, actor) {
			groups = []string{actor}
		}
		c = h.enterAs(chat.ConnectionID("c"+n), chat.UserID(user), "lobby"+chat.RoomID(n), groups...)
	}
	own := chat.MessageID("x-1")
	others := own
	if room != "" {
		h.setRole(target, room, chat.Member)
		if role := chat.Role(actor); slices.Contains([]chat.Role{chat.Member, chat.Moderator, chat.Owner}, role) {
			h.setRole(c.UserID, room, role)
		}
		own, others = h.written(room, c.UserID), h.written(room, target)
	}
	fields = strings.NewReplacer(`"roomId":"ROOM",`, map[bool]string{true: `"roomId":"` + string(room) + `",`}[room != ""]).Replace(fields)
	fields = strings.NewReplacer("ROOM", string(room), "TARGET", string(target), "OWN", string(own), "OTHERS", string(others)).Replace(fields)
	body := `{"type":"` + string(op) + `",` + fields + `}`
	cmd, _, err := wire.Decode(strings.Replace(body, ",}", "}", 1))
	must(h.t, err)
	c.At = h.clock.Now()
	err = h.Do(h.t.Context(), c, cmd)
	h.clock.Pass(time.Second)
	for _, e := range heard[chat.Refused](h, c.ConnectionID) {
		err = chat.Errorf(e.Code, "%s", e.Text)
	}
	if err == nil {
		return "y"
	}
	if code := chat.CodeOf(err); !slices.Contains([]chat.Code{chat.Forbidden, chat.NotFound, chat.Gone}, code) {
		h.t.Errorf("%s by %s in %q: %v", op, actor, room, err)
	}
	return "."
}

// written keeps a message of a person's.
func (h *house) written(room chat.RoomID, by chat.UserID) chat.MessageID {
	h.t.Helper()
	ctx := context.Background()
	head, err := h.store.Number(ctx, room, h.clock.Now())
	must(h.t, err)
	m := chat.Message{
		Room: room, Seq: head.Seq, Number: head.Messages, Kind: chat.KindMessage, ID: chat.NewMessageID("M", head.Seq), SenderID: by,
		SenderName: string(by), Text: "hi", SentAt: h.clock.Now(), ExpiresAt: h.clock.Now().Add(time.Hour),
	}
	must(h.t, h.store.Keep(ctx, m))
	return m.ID
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Whoever adds a frame or an operation says who may.
func TestRights_lackNothing(t *testing.T) {
	var want []chat.Operation
	for _, name := range wire.Types() {
		want = append(want, chat.Operation(name))
		if _, tried := asks[chat.Operation(name)]; !tried {
			t.Errorf("nobody tries %s", name)
		}
	}
	want = append(want, chat.Operations()...)
	var got []chat.Operation
	for _, r := range chat.Rights() {
		got = append(got, r.Operation)
		for _, letters := range []string{r.Public, r.Private, r.Everywhere} {
			if letters != "" && (len(letters) != len(chat.Actors()) || strings.Trim(letters, ".y") != "") {
				t.Errorf("the row of %s is %q, want a letter for each of %v", r.Operation, letters, chat.Actors())
			}
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the table has %v, want %v", got, want)
	}
}
