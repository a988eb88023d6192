package system_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/coder/websocket"
)

// tells sends a frame and gives the answer of a type.
func (c *client) tells(t *testing.T, text, answer string) frame {
	t.Helper()
	if err := c.conn.Write(t.Context(), websocket.MessageText, []byte(text)); err != nil {
		t.Fatal(err)
	}
	f, err := c.take(t.Context(), patience, func(f frame) (bool, error) {
		if f.Type == "error" {
			return false, fmt.Errorf("%s is answered by %s", text, f.text)
		}
		return f.Type == answer, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// dealsWithAReport has a message reported, and kept.
func (m moderator) dealsWithAReport(s *system, message string) {
	ben, err := dial(m.t.Context(), s.WebSocketURL(), "ben", handshake{query: mustQuery(m.t, "ben")})
	if err != nil {
		m.t.Fatal(err)
	}
	defer ben.end()
	ben.tells(m.t, fmt.Sprintf(`{"type":"report_message","id":"1","roomId":"general","messageId":%q,"reason":"Spam"}`, message), "reported")
	page := m.read(m.client.Get(m.url + "/reports"))
	address := regexp.MustCompile(`/report\?[^"]*`).FindString(page)
	if address == "" {
		m.t.Fatalf("no report waits: %s", page)
	}
	query, err := url.ParseQuery(regexp.MustCompile(`^/report\?|amp;`).ReplaceAllString(address, ""))
	if err != nil {
		m.t.Fatal(err)
	}
	query.Set("do", "keep")
	m.does("/report", query.Encode(), url.Values{"reason": {"not so bad"}}, "Kept. The report is dealt with.")
}

// setsRulesBeneath sets the rules of a room that has another one above it.
func (m moderator) setsRulesBeneath(by *client) {
	by.tells(m.t, `{"type":"create_room","id":"1","roomId":"lamps"}`, "room")
	by.tells(m.t, `{"type":"create_room","id":"2","roomId":"bulbs","parentId":"lamps"}`, "room")
	m.does("/rules", "room=bulbs", url.Values{"slow": {"30"}}, "are set.")
}

// loseTheQueue connects while no job can be queued: the join that was made for it is taken back.
func loseTheQueue(t *testing.T, s *system) {
	_, err := sqs.NewFromConfig(s.AWS()).DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: aws.String(s.QueueURL("JobsQueue"))})
	if err != nil {
		t.Fatal(err)
	}
	conn, response, err := websocket.Dial(t.Context(), s.WebSocketURL()+"?"+mustQuery(t, "quinn").Encode(), nil)
	if err == nil {
		_ = conn.CloseNow() // there should be none
	}
	if response == nil || response.StatusCode == http.StatusSwitchingProtocols {
		t.Fatalf("a handshake without a queue = %v, want it refused", err)
	}
}
