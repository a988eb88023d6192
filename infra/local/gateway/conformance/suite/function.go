package suite

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Function is what stands behind all routes and authorizers. It reports each event to the witness
// that the event names, then does what the script in the event says.
type Function struct {
	// Witness is the management address of the guarded stage, where the witness is connected.
	Witness string
	// Scheme is that of the management API: https in AWS.
	Scheme string
	// Client makes the calls, and Sign signs them; a nil Sign leaves them as they are.
	Client *http.Client
	Sign   func(r *http.Request, body []byte) error
}

// script is what Function does with an event after it has reported it. It stands in the header
// X-Authorizer or X-Connect, in the message's key do, or in the authorizer context's atEnd.
type script struct {
	// Pause is how many milliseconds it takes first.
	Pause int `json:"pause,omitempty"`
	// Post is posted to the connection To, or else to the event's own; the status is reported.
	Post string `json:"post,omitempty"`
	To   string `json:"to,omitempty"`
	// Error makes the function fail with this message.
	Error string `json:"error,omitempty"`
	// Result is what it returns, after $ID, $ARN, $CASE, $WITNESS, $END and $PAD (as many
	// characters as Pad says) have been filled in. Without it, 200 or a policy that allows.
	Result string `json:"result,omitempty"`
	Pad    int    `json:"pad,omitempty"`
}

// incoming is what Function reads of an event.
type incoming struct {
	Type, MethodArn string

	Headers        map[string]string
	Body           string
	RequestContext struct {
		EventType, ConnectionID, DomainName, Stage string

		Authorizer map[string]any
	}
}

// note is what is found in an event besides: whose it is, and what to do.
type note struct {
	caseName, witness, script, atEnd string
}

const allow = `{"Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"$ARN"}]}`

const (
	defaultResult  = `{"statusCode":200}`
	defaultVerdict = `{"principalId":"u-1842","policyDocument":` + allow +
		`,"context":{"tenant":"acme","level":3,"admin":true,"case":"$CASE","witness":"$WITNESS","atEnd":"$END"}}`
)

// Invoke handles one event. Its error is what the function fails with, word for word.
func (f *Function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var e incoming
	if err := json.Unmarshal(payload, &e); err != nil {
		return nil, fmt.Errorf("read event: %w", err)
	}
	n := readNote(&e)
	var s script
	if n.script != "" {
		if err := json.Unmarshal([]byte(n.script), &s); err != nil {
			return nil, fmt.Errorf("read script: %w", err)
		}
	}
	f.report(ctx, n.witness, record{Case: n.caseName, Kind: e.kind(), ConnectionID: e.RequestContext.ConnectionID, Event: payload})
	if err := pause(ctx, time.Duration(s.Pause)*time.Millisecond); err != nil {
		return nil, err
	}
	if s.Post != "" {
		f.postAsTold(ctx, &e, n, s)
	}
	if s.Error != "" {
		return nil, errors.New(s.Error)
	}
	return []byte(f.result(&e, n, s)), nil
}

// postAsTold posts what the script says and reports the status.
func (f *Function) postAsTold(ctx context.Context, e *incoming, n note, s script) {
	id := e.RequestContext.ConnectionID
	to := id
	if s.To != "" {
		to = s.To
	}
	status := f.post(ctx, f.Scheme+"://"+e.RequestContext.DomainName+"/"+e.RequestContext.Stage, to, []byte(s.Post))
	f.report(ctx, n.witness, record{Case: n.caseName, Kind: posted, ConnectionID: id, Status: status})
}

func (f *Function) result(e *incoming, n note, s script) string {
	result := s.Result
	if result == "" && e.Type != "" {
		result = defaultVerdict
	} else if result == "" {
		result = defaultResult
	}
	end, err := json.Marshal(n.atEnd)
	if err != nil {
		return ""
	}
	return strings.NewReplacer(
		"$ID", e.RequestContext.ConnectionID, "$ARN", e.MethodArn, "$CASE", n.caseName, "$WITNESS", n.witness,
		"$END", strings.Trim(string(end), `"`), "$PAD", strings.Repeat("a", s.Pad),
	).Replace(result)
}

// report posts r to the witness. Without one, or if it fails, the case that waits for it says so.
func (f *Function) report(ctx context.Context, witness string, r record) {
	if witness == "" {
		return
	}
	r.shorten()
	if text, err := json.Marshal(r); err == nil {
		f.post(ctx, f.Witness, witness, text)
	}
}

// post posts text and returns the status, 0 for none.
func (f *Function) post(ctx context.Context, base, id string, text []byte) int {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/@connections/"+url.PathEscape(id), bytes.NewReader(text))
	if err != nil {
		return 0
	}
	if f.Sign != nil && f.Sign(r, text) != nil {
		return 0
	}
	response, err := f.Client.Do(r)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body) // for the next call to use the same connection
	return response.StatusCode
}

func (e *incoming) kind() string {
	if e.Type != "" {
		return authorizing
	}
	return e.RequestContext.EventType
}

func (e *incoming) header(name string) string {
	for key, value := range e.Headers {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}

func readNote(e *incoming) note {
	context := func(name string) string {
		text, _ := e.RequestContext.Authorizer[name].(string)
		return text
	}
	switch e.kind() {
	case authorizing:
		return note{e.header("X-Case"), e.header("X-Witness"), e.header("X-Authorizer"), e.header("X-At-End")}
	case connecting:
		return note{e.header("X-Case"), e.header("X-Witness"), e.header("X-Connect"), ""}
	case disconnecting:
		return note{context("case"), context("witness"), context("atEnd"), ""}
	}
	var body struct {
		Case, Witness string

		Do json.RawMessage
	}
	_ = json.Unmarshal([]byte(e.Body), &body) // a message may be anything
	n := note{context("case"), context("witness"), string(body.Do), ""}
	if n.witness == "" {
		n.caseName, n.witness = body.Case, body.Witness
	}
	return n
}

// shorten replaces a body that would not fit into a message with its checksum.
func (r *record) shorten() {
	const most = 64 * 1024
	if len(r.Event) <= most {
		return
	}
	var event map[string]json.RawMessage
	var body string
	if json.Unmarshal(r.Event, &event) != nil || json.Unmarshal(event["body"], &body) != nil {
		return
	}
	event["body"] = json.RawMessage(`"` + checksum(body) + `"`)
	if short, err := json.Marshal(event); err == nil {
		r.Event = short
	}
}

func checksum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func pause(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
