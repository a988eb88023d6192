package proof_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/coder/websocket"

	"switchboard/infra/local/checker"
)

const (
	patience = 20 * time.Second      // for what must come on a busy machine
	answerIn = 4 * time.Second       // then a request is made again, as the page does
	pause    = 40 * time.Millisecond // between tries
)

// tab is one screen with the rules of the page: it comes back when it is cut off, sends again
// what was not acknowledged, drops copies, and asks for what it missed.
type tab struct {
	house  *house
	user   string
	screen *checker.Screen

	mu      sync.Mutex
	link    *link
	refs    int
	waiting map[string]chan frame // by ref
	books   map[string]book       // by room
	changed chan struct{}
}

// link is one connection of a tab.
type link struct {
	conn *websocket.Conn
	tcp  *net.TCPConn
	over chan struct{} // closed when it has ended
}

// book is what a tab has of a room.
type book struct {
	have  map[int64]checker.Message
	revs  map[int64]int64 // of what it has
	named map[int64]bool  // events, voids and what has expired
}

// frame is what comes from the server.
type frame struct {
	Type string          `json:"type"`
	Ref  string          `json:"ref"`
	Data json.RawMessage `json:"data"`
}

// message is a message on the wire, alone or in a list.
type message struct {
	MessageID       string `json:"messageId"`
	RoomID          string `json:"roomId"`
	Seq             int64  `json:"seq"`
	SenderID        string `json:"senderId"`
	Message         string `json:"message"`
	ClientMessageID string `json:"clientMessageId"`
	Rev             int64  `json:"rev"` // the number of its last change
	DeletedAt       int64  `json:"deletedAt"`
}

func (m message) shown() checker.Message {
	return checker.Message{
		Room: m.RoomID, Seq: m.Seq, ID: m.MessageID, Key: m.ClientMessageID, Sender: m.SenderID, Text: m.Message, Deleted: m.DeletedAt != 0,
	}
}

var errCut = errors.New("the connection has ended")

// tab makes a screen of a person, not yet connected.
func (h *house) tab(history *checker.History, name, user string) *tab {
	return &tab{
		house: h, user: user, screen: history.Screen(name, user), changed: make(chan struct{}),
		waiting: map[string]chan frame{}, books: map[string]book{},
	}
}

// connect opens a connection, which the server puts into a room.
func (t *tab) connect(ctx context.Context, room string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	t.screen.Enters(room)
	l := &link{over: make(chan struct{})}
	transport := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, addr)
		l.tcp, _ = conn.(*net.TCPConn)
		return conn, err
	}}
	query := url.Values{"userId": {t.user}, "roomId": {room}, "token": {"valid_" + t.user}}
	conn, _, err := websocket.Dial(ctx, t.house.WebSocketURL()+"?"+query.Encode(), &websocket.DialOptions{
		HTTPClient: &http.Client{Transport: transport},
	})
	if err != nil {
		transport.CloseIdleConnections()
		return fmt.Errorf("connect %s: %w", t.user, err)
	}
	conn.SetReadLimit(1 << 20)
	l.conn = conn
	t.mu.Lock()
	t.link = l
	t.mu.Unlock()
	go t.listen(l)
	return nil
}

// come connects, again and again until it is let in.
func (t *tab) come(ctx context.Context, room string) error {
	ctx, cancel := context.WithTimeout(ctx, 6*patience)
	defer cancel()
	for {
		err := t.connect(ctx, room)
		if err == nil || ctx.Err() != nil {
			return err
		}
		rest(ctx, pause)
	}
}

// rest waits, or until ctx ends.
func rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (t *tab) listen(l *link) {
	defer close(l.over)
	for {
		_, text, err := l.conn.Read(context.Background()) // ends with the connection
		if err != nil {
			t.screen.Breaks()
			return
		}
		var f frame
		if json.Unmarshal(text, &f) == nil {
			t.take(f)
		}
	}
}

// take records a frame and gives it to whoever waits for it.
func (t *tab) take(f frame) {
	if f.Type == "chat" || f.Type == "private_message" {
		var m message
		if json.Unmarshal(f.Data, &m) == nil {
			t.hear(m)
		}
	}
	if isChange(f.Type) {
		var c change
		if json.Unmarshal(f.Data, &c) == nil {
			t.hearChange(c)
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if f.Type == "" { // a function has died, and the gateway's frame does not say for which request
		for ref, w := range t.waiting {
			delete(t.waiting, ref)
			w <- f
		}
	}
	if w := t.waiting[f.Ref]; w != nil {
		delete(t.waiting, f.Ref)
		w <- f
	}
	close(t.changed)
	t.changed = make(chan struct{})
}

func (t *tab) hear(m message) {
	if m.ClientMessageID != "" {
		t.screen.Accepted(m.shown())
	} else {
		t.screen.Heard(m.shown())
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.put(m)
}

// put enters a message, unless the tab has a later form of it; its own sender's copy is the
// same message.
func (t *tab) put(m message) {
	b := t.book(m.RoomID)
	if m.Rev < b.revs[m.Seq] {
		return
	}
	shown := m.shown()
	shown.Key = ""
	b.have[m.Seq], b.revs[m.Seq] = shown, m.Rev
}

func (t *tab) book(room string) book {
	b, ok := t.books[room]
	if !ok {
		b = book{have: map[int64]checker.Message{}, revs: map[int64]int64{}, named: map[int64]bool{}}
		t.books[room] = b
	}
	return b
}

// cursor is the last number up to which the tab knows all.
func (t *tab) cursor(room string) int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	b := t.book(room)
	for seq := int64(1); ; seq++ {
		if _, there := b.have[seq]; !there && !b.named[seq] {
			return seq - 1
		}
	}
}

// shows lists what the tab shows of a room.
func (t *tab) shows(room string) []checker.Message {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.SortedFunc(maps.Values(t.book(room).have), func(a, b checker.Message) int { return cmp.Compare(a.Seq, b.Seq) })
}

// ask sends a request that is sent again when there is no answer.
func (t *tab) ask(ctx context.Context, fields map[string]any) (frame, error) {
	return t.askWithin(ctx, answerIn, fields)
}

// request is ask for what is asked once.
func (t *tab) request(ctx context.Context, fields map[string]any) (frame, error) {
	return t.askWithin(ctx, patience, fields)
}

// askWithin sends a request and waits for the frame that answers it.
func (t *tab) askWithin(ctx context.Context, wait time.Duration, fields map[string]any) (frame, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	answer := make(chan frame, 1)
	t.mu.Lock()
	t.refs++
	ref := strconv.Itoa(t.refs)
	l := t.link
	t.waiting[ref] = answer
	t.mu.Unlock()
	defer func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.waiting, ref)
	}()
	fields["id"] = ref
	text, err := json.Marshal(fields)
	if err != nil {
		return frame{}, err
	}
	if err := l.conn.Write(ctx, websocket.MessageText, text); err != nil {
		return frame{}, fmt.Errorf("send: %w", err)
	}
	select {
	case f := <-answer:
		if bytes.Contains(f.Data, []byte(`"message":"Connection not found"`)) { // forgotten: the page comes back, too
			t.cut()
			return frame{}, errCut
		}
		if f.Type == "error" || f.Type == "" {
			return f, fmt.Errorf("refused: %s", f.Data)
		}
		return f, nil
	case <-l.over:
		return frame{}, errCut
	case <-ctx.Done():
		return frame{}, ctx.Err()
	}
}

// cut resets the TCP connection and waits until the tab has noticed.
func (t *tab) cut() {
	t.mu.Lock()
	l := t.link
	t.mu.Unlock()
	_ = l.tcp.SetLinger(0) // an error says that it is closed already
	_ = l.tcp.Close()
	<-l.over
}

// close ends the connection as a browser does.
func (t *tab) close() {
	t.mu.Lock()
	l := t.link
	t.mu.Unlock()
	if l == nil {
		return
	}
	_ = l.conn.CloseNow() // an error says that it is closed already
	<-l.over
}

// here says whether the connection is there.
func (t *tab) here() bool {
	t.mu.Lock()
	l := t.link
	t.mu.Unlock()
	if l == nil {
		return false
	}
	select {
	case <-l.over:
		return false
	default:
		return true
	}
}
