package main

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestArrivalsAreReadAsJSONIs(t *testing.T) {
	for _, text := range []string{
		`{"type":"chat","data":{"messageId":"01K-1","roomId":"load-a-0","seq":17,"senderId":"load-1","senderName":"load-1","message":"3 xxx","timestamp":1795344713,"sentAt":1795344713123}}`,
		`{"type":"chat","ref":"3","data":{"messageId":"01K-1","roomId":"r","seq":17,"senderId":"load-1","message":"3 xxx","timestamp":1,"sentAt":2,"clientMessageId":"load-a-0-3"}}`,
		`{"type":"chat","data":{"messageId":"01K-1","seq":17,"message":"3 \"quoted\"","sentAt":2}}`,
		`{"type":"welcome","data":{"message":"Welcome"}}`,
		`{"type":"error","ref":"3","data":{"code":"rate_limited","message":"Slow down"}}`,
		`{"message":"Internal server error","connectionId":"abc=","requestId":"x"}`,
	} {
		var want arrival
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatal(err)
		}
		got, err := arrivalOf([]byte(text))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("arrivalOf(%s), %v (-want +got):\n%s", text, err, diff)
		}
	}
	for _, text := range []string{`{"type":"chat"}`, `{"type":"chat","data":{"seq":x,`, `{`} {
		if got, err := arrivalOf([]byte(text)); err == nil {
			t.Errorf("arrivalOf(%s) = %+v, want an error", text, got)
		}
	}
}
