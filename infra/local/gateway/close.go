package gateway

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// ending is how a connection ends: the code and reason of its DISCONNECT event, and what the client
// is told.
type ending struct {
	code   ws.StatusCode
	reason string
	// farewell is the payload of the close frame for the client; nil sends none.
	farewell []byte
	// answered says that the client closed first, so that nothing more is to be heard from it.
	answered bool
}

// The endings that the gateway decides. AWS's reasons for 1000, 1001 and 1005 are known from
// captured events; the texts for 1002, 1003, 1006, 1007 and 1009 are assumed, and so is that a
// close frame carries the same reason as the event.
func closedNormally() ending { return told(ws.StatusNormalClosure, "Connection Closed Normally") }
func goingAway() ending      { return told(ws.StatusGoingAway, "Going away") }
func brokeProtocol() ending  { return told(ws.StatusProtocolError, "Protocol error") }
func sentBinary() ending     { return told(ws.StatusUnsupportedData, "Binary is not supported") }
func sentBadText() ending    { return told(ws.StatusInvalidFramePayloadData, "Invalid UTF-8") }
func sentTooMuch() ending    { return told(ws.StatusMessageTooBig, "Message too long") }
func lost() ending           { return ending{code: ws.StatusAbnormalClosure} }

func told(code ws.StatusCode, reason string) ending {
	return ending{code: code, reason: reason, farewell: ws.NewCloseFrameBody(code, reason)}
}

// closedByClient reads the payload of a client's close frame, which is answered with its code.
func closedByClient(payload []byte) ending {
	if len(payload) == 0 {
		return ending{code: ws.StatusNoStatusRcvd, reason: "Client-side close frame status not set", farewell: []byte{}, answered: true}
	}
	if len(payload) == 1 {
		return brokeProtocol()
	}
	code, reason := ws.StatusCode(binary.BigEndian.Uint16(payload)), string(payload[2:])
	if !mayBeSent(code) {
		return brokeProtocol()
	}
	if !utf8.ValidString(reason) {
		return sentBadText()
	}
	if code == ws.StatusNormalClosure && reason == "" {
		reason = closedNormally().reason
	}
	return ending{code: code, reason: reason, farewell: ws.NewCloseFrameBody(code, ""), answered: true}
}

// mayBeSent reports whether a close frame may carry code: those of RFC 6455 and of IANA's registry,
// libraries' and applications'.
func mayBeSent(code ws.StatusCode) bool {
	switch {
	case code >= 3000 && code <= 4999:
		return true
	case code < 1000 || code > 1014:
		return false
	}
	return code != ws.StatusNoMeaningYet && code != ws.StatusNoStatusRcvd && code != ws.StatusAbnormalClosure
}
