package chat_test

import (
	"fmt"
	"strings"
	"testing"

	"switchboard/internal/chat"
)

func TestExport(t *testing.T) {
	h := newHouse(t)
	h.fillWith("zedekiah")
	zed := h.caller("z1", "zedekiah")
	if _, err := h.Moderate(t.Context(), mia, chat.Moderate{Act: chat.ActUnmute, User: "zedekiah", Reason: "no secrets"}); err != nil {
		t.Fatal(err)
	}
	for n := range 40 { // more than one answer holds
		h.do(zed, chat.Send{Room: "general", Text: strings.Repeat("x", 2000), ClientID: fmt.Sprint("many-", n)})
	}
	got := map[string]int{}
	pages, cursor := 0, ""
	for more := true; more; more = cursor != "" {
		h.sockets.forgetAll()
		h.do(zed, chat.Export{Cursor: cursor})
		page := one[chat.Exported](h, "z1")
		size := 0
		for _, r := range page.Records {
			got[whatIs(r)]++
			if r.Message != nil {
				size += len(r.Message.Text)
				if r.Message.SenderID != "zedekiah" {
					t.Errorf("the export has a message of %s", r.Message.SenderID)
				}
			}
		}
		if pages++; size > 30_000 || pages > 100 {
			t.Fatalf("page %d has %d bytes", pages, size)
		}
		cursor = page.Cursor
	}
	want := map[string]int{"person zedekiah": 1, "messages": 44, "reaction 👍": 1, "audit for secrets": 1, "audit a secret": 3, "memberships": 4,
		"connection z1": 1, "report by zedekiah": 1, "report by ben": 0, "invitation of ben": 1}
	for what, n := range want {
		if got[what] != n {
			t.Errorf("the export has %d of %s, want %d: %v", got[what], what, n, got)
		}
	}
	first, err := h.ExportOf(t.Context(), ada, "zedekiah", "asked for it", "")
	if err != nil || len(first.Records) == 0 || first.Records[0].Person == nil {
		t.Errorf("ExportOf(zedekiah) = %+v, %v", first, err)
	}
	if _, err := h.ExportOf(t.Context(), mia, "zedekiah", "asked for it", ""); chat.CodeOf(err) != chat.Forbidden {
		t.Errorf("ExportOf(by a moderator) = %v, want %s", err, chat.Forbidden)
	}
	h.refused(zed, chat.Export{Cursor: "somebody's"}, chat.Invalid)
}

// whatIs names a record by its kind and what it is about.
func whatIs(r chat.Record) string {
	switch {
	case r.Person != nil:
		return "person " + r.Person.Name
	case r.Connection != nil:
		return "connection " + string(r.Connection.ID)
	case r.Membership != nil:
		return "memberships"
	case r.Message != nil:
		return "messages"
	case r.Report != nil:
		return "report by " + string(r.Report.By)
	case r.Invited != "":
		return "invitation of " + string(r.Invited)
	case r.Audit != nil:
		return "audit " + r.Audit.Deed.Reason
	}
	return "reaction " + r.Emoji
}
