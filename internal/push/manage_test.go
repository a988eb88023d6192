package push_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"switchboard/internal/chat"
	"switchboard/internal/push"
)

func sha256Hex(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// gateway answers like @connections: one connection is there, the others are told apart by their id.
func gateway(t *testing.T) string {
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.Method + r.RequestURI {
		case "DELETE/dev/@connections/here%3D":
			w.WriteHeader(http.StatusNoContent)
		case "GET/dev/@connections/here%3D":
			said := `{"connectedAt":"2026-11-22T15:20:18.204Z","identity":{"sourceIp":"198.51.100.7","userAgent":null},"lastActiveAt":"2026-11-22T15:25:01.112Z"}`
			if _, err := io.WriteString(w, said); err != nil {
				t.Error(err)
			}
		case "DELETE/dev/@connections/gone%3D", "GET/dev/@connections/gone%3D":
			w.Header().Set("X-Amzn-Errortype", "GoneException")
			w.WriteHeader(http.StatusGone)
		case "DELETE/dev/@connections/odd", "GET/dev/@connections/odd":
			w.Header().Set("X-Amzn-Errortype", "BadRequestException")
			http.Error(w, `{"message":"Invalid connectionId: odd"}`, http.StatusBadRequest)
		default:
			w.Header().Set("X-Amzn-Errortype", "LimitExceededException")
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})
}

func TestPusher_Close(t *testing.T) {
	p := push.New(config(), gateway(t), encode, push.Options{})
	for _, id := range []chat.ConnectionID{"here=", "gone=", "odd"} {
		if err := p.Close(t.Context(), id); err != nil {
			t.Errorf("Close(%q) = %v, want no error", id, err)
		}
	}
	if err := p.Close(t.Context(), "throttled="); err == nil {
		t.Error("Close(a throttled one) gives no error")
	}
}

func TestPusher_LastActive(t *testing.T) {
	p := push.New(config(), gateway(t), encode, push.Options{})
	got, err := p.LastActive(t.Context(), "here=")
	if want := time.Date(2026, 11, 22, 15, 25, 1, 112e6, time.UTC); err != nil || !got.Equal(want) {
		t.Errorf("LastActive(here=) = %v, %v, want %v", got, err, want)
	}
	for _, id := range []chat.ConnectionID{"gone=", "odd"} {
		if got, err := p.LastActive(t.Context(), id); !errors.Is(err, chat.ErrNotFound) {
			t.Errorf("LastActive(%q) = %v, %v, want ErrNotFound", id, got, err)
		}
	}
	if got, err := p.LastActive(t.Context(), "throttled="); err == nil || errors.Is(err, chat.ErrNotFound) {
		t.Errorf("LastActive(a throttled one) = %v, %v, want another error than ErrNotFound", got, err)
	}
}
