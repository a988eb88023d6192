package chat_test

import (
	"testing"

	"switchboard/internal/chat"
)

func TestNameKey(t *testing.T) {
	cases := []struct {
		a, b string
		same bool
	}{
		{"Ana Ruiz", "ana  ruiz", true},
		{"Ana Ruiz", "ANA-RUIZ.", true},
		{"Ana Ruiz", "Аnа Ruіz", true}, // Cyrillic
		{"Ana Ruiz", "Αna Rυiz", true}, // Greek
		{"Chloé Martin", "Chloe Martin", true},
		{"martin", "rnartin", true},
		{"Ian", "lan", true},
		{"Bill", "B1ll", true},
		{"Otto", "0tto", true},
		{"Ａｎａ", "Ana", true}, // full width
		{"Ana Ruiz", "Ana Ruis", false},
		{"Ana", "Ana (guest)", false},
		{"Лев", "Lev", false},
	}
	for _, c := range cases {
		if got := chat.NameKey(c.a) == chat.NameKey(c.b); got != c.same {
			t.Errorf("NameKey(%q) == NameKey(%q) is %t, want %t", c.a, c.b, got, c.same)
		}
	}
	for _, name := range []string{"", " ", "👩‍👩‍👧", "..."} {
		if got := chat.NameKey(name); got != "" {
			t.Errorf("NameKey(%q) = %q, want none", name, got)
		}
	}
}

func TestService_Connect_marks_guests_who_bear_somebodys_name(t *testing.T) {
	h := newHouse(t)
	connect := func(id chat.ConnectionID, user chat.UserID, name string) string {
		t.Helper()
		conn := h.connection(id, user)
		conn.Name, conn.Guest = name, user.Guest()
		if err := h.Connect(t.Context(), conn, "general", h.clock.Now()); err != nil {
			t.Fatal(err)
		}
		f, err := h.store.Read(t.Context(), chat.Question{Connection: id})
		if err != nil {
			t.Fatal(err)
		}
		return f.Connection.Name
	}
	connect("ana", "ana", "Ana Ruiz")
	cases := []struct {
		id         chat.ConnectionID
		user       chat.UserID
		name, want string
	}{
		{"g1", "guest:01", "Ana Ruiz", "Ana Ruiz (guest)"},
		{"g2", "guest:02", "аna ruiz", "аna ruiz (guest)"},
		{"g3", "guest:03", "Vera", "Vera"},
		{"g4", "guest:04", "Vera", "Vera"}, // a guest's name is nobody's
		{"g5", "guest:05", "Admin", "Admin (guest)"},
		{"g6", "guest:01", "Ana Ruiz (guest)", "Ana Ruiz (guest)"},
		{"u1", "other", "Ana Ruiz", "Ana Ruiz"},
	}
	for _, c := range cases {
		if got := connect(c.id, c.user, c.name); got != c.want {
			t.Errorf("Connect(%s as %q) names them %q, want %q", c.user, c.name, got, c.want)
		}
	}
}
