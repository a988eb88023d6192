// Package chat holds the rules of Switchboard: who is connected, who is in which
// room, how a message gets its number, is kept and reaches everyone, and what a
// person may read. It knows no AWS service, no wire format and no clock of its
// own: those come in through the ports in ports.go.
//
// One file per thing a person does: connect.go, disconnect.go, send.go,
// private.go, amend.go, moderate.go, measures.go, kick.go, report.go, join.go, leave.go, history.go, search.go, resume.go, ping.go,
// read.go, presence.go, members.go, rooms.go, createroom.go, updateroom.go, invite.go, invitations.go, role.go, signout.go, export.go,
// erase.go. work.go is what the fan-out
// function runs, push.go its pushes, shard.go how a room's list is spread, sweep.go what the
// schedule runs, session.go how sessions end.
package chat

import (
	"context"
	"time"
)

// Service answers what people and jobs ask. It is safe for concurrent use.
type Service struct {
	store  Store
	pusher Pusher
	queue  Queue
	meter  Meter
	tokens GuestTokens
	opts   Options
	recent *memory
}

// Options are the settings of a Service; every field must be set unless it says otherwise.
type Options struct {
	Now   func() time.Time                           // the clock
	Pause func(context.Context, time.Duration) error // waits, or returns the context's error; nil: real time
	NewID func() string                              // a new ULID at each call

	GuestsAllowed bool // whether welcome says that guests may come in

	Retention  time.Duration     // how long rooms keep messages unless they say otherwise
	Rate       Rate              // of one person's messages in one room; zero: no limit
	GuestRate  Rate              // the same of guests; not looked at where Rate is no limit
	RoomPosts  int               // a second that one room may cause; zero: no limit
	EditWindow time.Duration     // how long after sending people may edit, unless the room says otherwise; zero: never
	SizeOf     func(Message) int // encoded bytes of an entry of the log inside a list

	Accounts Accounts // where groups are kept; nil: at an issuer that is not the deployment's
}

// New makes a Service of its parts. A nil port is allowed where the caller
// never makes a call that needs it: each function is given only what it may use.
func New(store Store, pusher Pusher, queue Queue, meter Meter, tokens GuestTokens, opts Options) *Service {
	if opts.Pause == nil {
		opts.Pause = pause
	}
	return &Service{store: store, pusher: pusher, queue: queue, meter: meter, tokens: tokens, opts: opts, recent: newMemory()}
}

// Caller is who sent a frame: the verified identity and the connection it came by.
type Caller struct {
	Principal
	ConnectionID ConnectionID
	At           time.Time // when the gateway received the frame
	Ref          string    // the frame's id, given back with every answer; may be empty
	desk         bool      // acts from the dashboard: without a connection, and nothing is answered there
}

// Do carries out one command for a caller. What the caller sees is pushed to its
// connection; the error is for the caller too and is sent with Refuse.
func (s *Service) Do(ctx context.Context, c Caller, cmd Command) error {
	if !c.ExpiresAt.IsZero() && !s.opts.Now().Before(c.ExpiresAt) {
		return Errorf(Unauthorized, "Your session has ended, sign in again")
	}
	switch cmd := cmd.(type) {
	case Send:
		return s.send(ctx, c, cmd)
	case SendPrivate:
		return s.sendPrivate(ctx, c, cmd)
	case Join:
		return s.join(ctx, c, cmd)
	case Leave:
		return s.leave(ctx, c, cmd)
	case ListRooms:
		return s.listRooms(ctx, c, cmd)
	case ReadHistory:
		return s.history(ctx, c, cmd)
	case Resume:
		return s.resume(ctx, c, cmd)
	case Ping:
		return s.ping(ctx, c, cmd)
	case Typing:
		return s.typing(ctx, c, cmd)
	case SetPresence:
		return s.setPresence(ctx, c, cmd)
	case ListMembers:
		return s.members(ctx, c, cmd)
	case MarkRead:
		return s.markRead(ctx, c, cmd)
	case SignOut:
		return s.signOut(ctx, c)
	case Amend:
		return s.amend(ctx, c, cmd)
	case Search:
		return s.search(ctx, c, cmd)
	case Moderate:
		return s.moderate(ctx, c, cmd)
	case ReportMessage:
		return s.report(ctx, c, cmd)
	case Export:
		return s.export(ctx, c, cmd)
	case ListMeasures:
		return s.measures(ctx, c, cmd)
	}
	return s.keepRooms(ctx, c, cmd)
}

// keepRooms is Do for what is done to rooms and to what people are in them.
func (s *Service) keepRooms(ctx context.Context, c Caller, cmd Command) error {
	switch cmd := cmd.(type) {
	case CreateRoom:
		return s.createRoom(ctx, c, cmd)
	case UpdateRoom:
		return s.updateRoom(ctx, c, cmd)
	case Invite:
		return s.invite(ctx, c, cmd)
	case AcceptInvite:
		return s.acceptInvite(ctx, c, cmd)
	case DeclineInvite:
		return s.declineInvite(ctx, c, cmd)
	case ListInvitations:
		return s.invitations(ctx, c, cmd)
	case SetRole:
		return s.setRole(ctx, c, cmd)
	}
	return Errorf(Invalid, "Unknown message type: %T", cmd)
}

// Refuse tells the caller why its frame was not carried out. It returns an error
// only when telling failed for another reason than that the caller is gone.
func (s *Service) Refuse(ctx context.Context, c Caller, cause error) error {
	return s.answer(ctx, c, RefusedOf(cause, s.opts.Now()))
}
