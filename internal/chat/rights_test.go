package chat

import (
	"testing"
	"time"
)

func TestMaySpeak(t *testing.T) {
	now := time.UnixMilli(1795344713000)
	later, before := now.Add(time.Minute), now.Add(-time.Minute)
	public, private := &Room{Visibility: Public}, &Room{Visibility: Private}
	tests := []struct {
		name        string
		facts       Facts
		read, speak Code // empty: may
	}{
		{"anybody in a public room", Facts{Room: public}, "", ""},
		{"nobody in a room that is not there", Facts{}, NotFound, NotFound},
		{"a stranger in a private room", Facts{Room: private}, NotFound, NotFound},
		{"a member of a private room", Facts{Room: private, Membership: Membership{Role: Member}}, "", ""},
		{"a person banned from the room", Facts{Room: public, Membership: Membership{BannedUntil: later}}, Forbidden, Forbidden},
		{"a person whose ban is over", Facts{Room: public, Membership: Membership{BannedUntil: before}}, "", ""},
		{"a person muted in the room", Facts{Room: public, Membership: Membership{MutedUntil: later}}, "", Muted},
		{"a person muted everywhere", Facts{Room: public, User: &User{MutedUntil: later}}, "", Muted},
		{"a person whose mute is over", Facts{Room: public, User: &User{MutedUntil: before}}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := codeOrNone(mayRead("x", tt.facts.Room, tt.facts.Membership, now)); got != tt.read {
				t.Errorf("mayRead = %q, want %q", got, tt.read)
			}
			if got := codeOrNone(maySpeak("x", tt.facts, now)); got != tt.speak {
				t.Errorf("maySpeak = %q, want %q", got, tt.speak)
			}
		})
	}
}

func TestAdmit(t *testing.T) {
	now := time.UnixMilli(1795344713000)
	p := Principal{UserID: "alice", IssuedAt: now.Add(-time.Hour)}
	tests := []struct {
		name string
		user *User
		want Code
	}{
		{"a person never seen", nil, ""},
		{"a person known", &User{}, ""},
		{"a banned person", &User{BannedUntil: now.Add(time.Second)}, Forbidden},
		{"a person signed out everywhere since", &User{NotBefore: now}, Unauthorized},
		{"a person who signed in again", &User{NotBefore: now.Add(-2 * time.Hour)}, ""},
	}
	for _, tt := range tests {
		if got := codeOrNone(admit(p, tt.user, now)); got != tt.want {
			t.Errorf("admit(%s) = %q, want %q", tt.name, got, tt.want)
		}
	}
}

func codeOrNone(err error) Code {
	if err == nil {
		return ""
	}
	return CodeOf(err)
}
