package chat

import (
	"errors"
	"fmt"
	"time"
)

// Code says what kind of error a person met; the edges turn it into a frame or a status.
type Code string

// The whole list of codes.
const (
	Invalid      Code = "invalid"
	Unauthorized Code = "unauthorized"
	Forbidden    Code = "forbidden"
	NotFound     Code = "not_found"
	Conflict     Code = "conflict"
	TooLarge     Code = "too_large"
	RateLimited  Code = "rate_limited"
	Muted        Code = "muted"
	Gone         Code = "gone"
	Unavailable  Code = "unavailable"
	Internal     Code = "internal"
)

// Codes lists every code, for tables that must be complete.
func Codes() []Code {
	return []Code{Invalid, Unauthorized, Forbidden, NotFound, Conflict, TooLarge, RateLimited, Muted, Gone, Unavailable, Internal}
}

// Retryable says whether sending the same again can succeed.
func (c Code) Retryable() bool {
	switch c {
	case Conflict, RateLimited, Unavailable, Internal:
		return true
	}
	return false
}

// Error is an error with a sentence that a person may read.
type Error struct {
	Code       Code
	Text       string
	RetryAfter time.Duration // zero: no advice
	cause      error
}

// Error returns the sentence, and the cause for logs.
func (e *Error) Error() string {
	if e.cause == nil {
		return e.Text
	}
	return fmt.Sprintf("%s: %v", e.Text, e.cause)
}

// Unwrap returns the cause, which people never see.
func (e *Error) Unwrap() error { return e.cause }

// Errorf makes an error for people: the text is one sentence without internals.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Text: fmt.Sprintf(format, args...)}
}

// AsUnavailable marks an error of a service that is away or overloaded: trying again can help.
func AsUnavailable(cause error) error {
	return &Error{Code: Unavailable, Text: unavailableText, RetryAfter: time.Second, cause: cause}
}

const (
	internalText    = "Something went wrong on our side, please try again"
	unavailableText = "The service is busy or away, please try again in a moment"
)

// CodeOf returns the code of an error; a foreign error is Internal.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// TextOf returns the sentence a person may read; for Internal always the same one.
func TextOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok && e.Code != Internal {
		return e.Text
	}
	return internalText
}

// RefusedOf makes the event that tells a person about an error.
func RefusedOf(err error, at time.Time) Refused {
	r := Refused{Code: CodeOf(err), Text: TextOf(err), At: at}
	if e, ok := errors.AsType[*Error](err); ok {
		r.RetryAfter = e.RetryAfter
	}
	return r
}

// Outcomes of the store that decide the next step.
var (
	// ErrNotFound: the thing asked for is not there.
	ErrNotFound = errors.New("not found")
	// ErrExists: the thing to be made is there already.
	ErrExists = errors.New("exists already")
	// ErrSlotTaken: somebody voided the number before the message was kept under it.
	ErrSlotTaken = errors.New("the number is taken")
	// ErrAltered: the message was changed since it was read.
	ErrAltered = errors.New("the message was changed meanwhile")
	// ErrAuditTaken: another audit entry has the number.
	ErrAuditTaken = errors.New("the audit entry's number is taken")
	// ErrMoved: the connection's current room is not the one the move started from.
	ErrMoved = errors.New("the connection has moved meanwhile")
	// ErrOvertaken: a later request has already moved the connection.
	ErrOvertaken = errors.New("a later request has moved the connection")
	// ErrClosing: the connection is not there or is being removed.
	ErrClosing = errors.New("the connection is closing")
	// ErrSpent: a limit, a mute or a ban is in the way of the message.
	ErrSpent = errors.New("a limit is in the way")
	// ErrBarred: the person may not be in the room (any more).
	ErrBarred = errors.New("the person is barred from the room")
)

// DuplicateError says that the clientMessageId was used before, and for what.
type DuplicateError struct{ Receipt Receipt }

// Error names the message that has the clientMessageId.
func (e *DuplicateError) Error() string { return "duplicate of " + string(e.Receipt.MessageID) }

var errConnectionNotFound = Errorf(Gone, "Connection not found")

func errNoRoom(id RoomID) error { return Errorf(NotFound, "There is no room %q", string(id)) }
