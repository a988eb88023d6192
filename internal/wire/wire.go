// Package wire turns frames into commands and events into frames: version 1 of
// Switchboard's protocol, which web/protocol.schema.json describes field by field.
//
//	client -> server   {"type": "...", "id"?: "...", ...fields}     Decode
//	server -> client   {"type": "...", "ref"?: "...", "data": {}}   Encode
//
// An answer's ref is the id of the frame it answers. In fields, null is the same as
// absent, and what the protocol does not name is ignored: nobody says for themselves
// who they are or what time it is.
package wire

import (
	"time"

	"switchboard/internal/chat"
)

// limits are the limits and intervals that a client must keep; welcome tells them.
type limits struct {
	MessageRunes      int                   `json:"messageRunes"`
	MessageBytes      int                   `json:"messageBytes"`
	FrameBytes        int                   `json:"frameBytes"`
	IDBytes           int                   `json:"idBytes"`
	QueryBytes        int                   `json:"queryBytes"`
	HistoryLimit      int                   `json:"historyLimit"`
	SearchLimit       int                   `json:"searchLimit"`
	ReactionKinds     int                   `json:"reactionKinds"`
	EmojiBytes        int                   `json:"emojiBytes"`
	EditSeconds       int64                 `json:"editSeconds"`
	RoomNameRunes     int                   `json:"roomNameRunes"`
	TopicRunes        int                   `json:"topicRunes"`
	SlowModeMost      int                   `json:"slowModeMost"`
	RetentionDaysMost int                   `json:"retentionDaysMost"`
	ResumeRooms       int                   `json:"resumeRooms"`
	PingRooms         int                   `json:"pingRooms"`
	PingSeconds       int                   `json:"pingSeconds"`
	MessageRate       *rate                 `json:"messageRate,omitempty"`
	SlowModeSeconds   map[chat.RoomID]int64 `json:"slowModeSeconds"`
	TypingSeconds     int                   `json:"typingSeconds"`
	ReadSeconds       int                   `json:"readSeconds"`
	PresenceSeconds   int                   `json:"presenceSeconds"`
	AwaySeconds       int                   `json:"awaySeconds"`
	RequestTimeoutMs  int                   `json:"requestTimeoutMs"`
	IdleSeconds       int                   `json:"idleSeconds"`
	ConnectionSeconds int                   `json:"connectionSeconds"`
	RotateSeconds     int                   `json:"rotateSeconds"`
}

// rate is at most messages in any seconds.
type rate struct {
	Messages int   `json:"messages"`
	Seconds  int64 `json:"seconds"`
}

func limitsOf(e chat.Welcome) limits {
	l := limits{
		MessageRunes:      chat.MaxTextRunes,
		MessageBytes:      chat.MaxTextBytes,
		FrameBytes:        maxFrameBytes,
		IDBytes:           chat.MaxIDBytes,
		QueryBytes:        chat.MaxQueryBytes,
		HistoryLimit:      chat.MaxHistoryLimit,
		SearchLimit:       chat.MaxSearchLimit,
		ReactionKinds:     chat.MaxReactionKinds,
		EmojiBytes:        chat.MaxEmojiBytes,
		EditSeconds:       int64(e.EditWindow.Seconds()),
		RoomNameRunes:     chat.MaxRoomNameRunes,
		TopicRunes:        chat.MaxTopicRunes,
		SlowModeMost:      inSeconds(chat.MaxSlowMode),
		RetentionDaysMost: chat.MaxRetentionDays,
		ResumeRooms:       chat.MaxResumeRooms,
		PingRooms:         chat.MaxPingRooms,
		PingSeconds:       240,
		SlowModeSeconds:   make(map[chat.RoomID]int64, len(e.SlowMode)),
		TypingSeconds:     inSeconds(chat.TypingEvery),
		ReadSeconds:       inSeconds(chat.ReadEvery),
		PresenceSeconds:   inSeconds(chat.PresenceEvery),
		AwaySeconds:       300,
		RequestTimeoutMs:  5000,
		IdleSeconds:       600,  // API Gateway quota "Idle Connection Timeout"
		ConnectionSeconds: 7200, // API Gateway quota "Connection duration for WebSocket API"
		RotateSeconds:     6600, // ten minutes before that, so that a client can try a few times
	}
	if e.Rate.Messages > 0 {
		l.MessageRate = &rate{e.Rate.Messages, int64(inSeconds(e.Rate.Per))}
	}
	for room, between := range e.SlowMode {
		l.SlowModeSeconds[room] = int64(inSeconds(between))
	}
	return l
}

// inSeconds rounds up: a client that waits so long has waited long enough.
func inSeconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

const (
	// maxFrameBytes is API Gateway's quota "WebSocket frame size"; a larger frame ends
	// the connection with 1009.
	maxFrameBytes = 32_768
	// maxBodyBytes is API Gateway's quota "WebSocket message payload size": what a client
	// that splits its messages into frames can get through.
	maxBodyBytes = 131_072
	// maxSeq bounds the numbers that clients may name: a number has twelve digits.
	maxSeq = 999_999_999_999
	// maxMillis bounds the times that clients may name: the year 2286.
	maxMillis = 9_999_999_999_999
)
