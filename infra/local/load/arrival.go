package main

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// arrival is what a frame says, as far as it is looked at.
type arrival struct {
	Type string `json:"type"`
	Data struct {
		MessageID string `json:"messageId"`
		Seq       int64  `json:"seq"`
		Message   string `json:"message"`
		Code      string `json:"code"`
	} `json:"data"`
	Message string `json:"message"` // the gateway's own frames
}

// arrivalOf reads a frame. Messages are nearly all that comes, and none of ours has anything
// in it that JSON escapes: they are read without the general decoder, which would cost
// as much as the rest of a delivery.
func arrivalOf(text []byte) (arrival, error) {
	var a arrival
	if !bytes.HasPrefix(text, []byte(`{"type":"chat"`)) || bytes.IndexByte(text, '\\') >= 0 {
		return a, json.Unmarshal(text, &a)
	}
	a.Type = "chat"
	a.Data.MessageID = string(between(text, `"messageId":"`, '"'))
	a.Data.Message = string(between(text, `"message":"`, '"'))
	seq, err := strconv.ParseInt(string(between(text, `"seq":`, ',')), 10, 64)
	a.Data.Seq = seq
	return a, err
}

// between gives what stands in text after begin and before end, nil if they do not stand there.
func between(text []byte, begin string, end byte) []byte {
	i := bytes.Index(text, []byte(begin))
	if i < 0 {
		return nil
	}
	rest := text[i+len(begin):]
	return rest[:max(0, bytes.IndexByte(rest, end))]
}
