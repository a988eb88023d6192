package chat_test

import (
	"testing"

	"switchboard/internal/chat"
)

func TestReports(t *testing.T) {
	h := newHouse(t)
	ana, ben := h.enter("a1", "ana", "general"), h.enter("b1", "ben", "general")
	h.do(ana, chat.Send{Text: "lamps"})
	id := heard[chat.Posted](h, "a1")[0].Message.ID
	for range 2 { // the same again is the same report
		h.do(ben, chat.ReportMessage{Room: "general", Message: id, Reason: "spam", Comment: "third time"})
	}
	if e := heard[chat.Reported](h, "b1"); len(e) != 2 || e[0].Message != id {
		t.Errorf("b1 heard %+v", e)
	}
	list, next, err := h.Reports(t.Context(), mia, "")
	if err != nil || next != "" || len(list) != 1 {
		t.Fatalf("Reports() = %+v, %q, %v, want one", list, next, err)
	}
	want := chat.Report{
		ID: list[0].ID, Room: "general", Message: id, Author: "ana", AuthorName: "ana", By: "ben", ByName: "ben", Reason: "spam",
		Comment: "third time", At: list[0].At,
	}
	if list[0] != want || want.At.IsZero() {
		t.Errorf("the report is %+v, want %+v", list[0], want)
	}
	if err := h.Resolve(t.Context(), mia, list[0].ID, "warned"); err != nil {
		t.Fatal(err)
	}
	if err := h.Resolve(t.Context(), mia, list[0].ID, "warned"); chat.CodeOf(err) != chat.Gone {
		t.Errorf("Resolve(again) = %v, want %s", err, chat.Gone)
	}
	h.do(ben, chat.ReportMessage{Room: "general", Message: id, Reason: "still spam"})
	if list, _, err := h.Reports(t.Context(), mia, ""); err != nil || len(list) != 0 {
		t.Errorf("Reports() = %+v, %v after all was resolved", list, err)
	}
	log := h.verified(chat.AuditScope("general"))
	if len(log) != 1 || log[0].Act != chat.ActResolve || log[0].Deed.Whom != "ana" || log[0].Deed.Reason != "warned" {
		t.Errorf("the audit log is %+v", log)
	}

	h.refused(ana, chat.ReportMessage{Room: "general", Message: id, Reason: "me"}, chat.Invalid)
	h.refused(ben, chat.ReportMessage{Room: "general", Message: "M-9", Reason: "x"}, chat.NotFound)
	h.refused(ben, chat.ReportMessage{Room: "r_1", Message: id, Reason: "x"}, chat.NotFound)
	omar := chat.Principal{UserID: "omar", Groups: []string{chat.Ops}}
	if _, _, err := h.Reports(t.Context(), omar, ""); chat.CodeOf(err) != chat.Forbidden {
		t.Errorf("Reports(ops) = %v, want %s", err, chat.Forbidden)
	}
	if err := h.Resolve(t.Context(), omar, "x", "x"); chat.CodeOf(err) != chat.Forbidden {
		t.Errorf("Resolve(ops) = %v, want %s", err, chat.Forbidden)
	}
}
