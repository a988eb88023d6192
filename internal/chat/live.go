package chat

import "time"

// How often a client says what passes.
const (
	// TypingEvery is between two Typing of one connection in one room that are passed on.
	TypingEvery = 3 * time.Second
	// PresenceEvery is between two SetPresence of one connection.
	PresenceEvery = 3 * time.Second
	// ReadEvery is between two writes of one person's read marker in one room.
	ReadEvery = 15 * time.Second
)
