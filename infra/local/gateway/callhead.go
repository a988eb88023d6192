package gateway

import (
	"bytes"
	"net/http"
)

// callHead is the part before the body of a call of @connections.
type callHead struct {
	Call

	size   int // of this part
	length int // of the body
}

// securityToken is the header of temporary credentials (Signature Version 4).
const securityToken = "X-Amz-Security-Token"

// reading is how far a head could be read.
type reading int

const (
	partly  reading = iota // more is to come
	whole                  // it is there
	unusual                // it is left to net/http: right or wrong, it is rare
)

// headReader reads the heads of calls that are written as every client writes them.
type headReader struct {
	path string // before the id
	body int    // the longest
}

// read reads the head at the beginning of b.
func (r headReader) read(b []byte) (callHead, reading) {
	var h callHead
	line, rest, state := cutLine(b)
	if state != whole {
		return h, state
	}
	if !h.start(line, r.path) {
		return h, unusual
	}
	var seen fields
	for {
		if line, rest, state = cutLine(rest); state != whole {
			return h, state
		}
		if len(line) == 0 {
			break
		}
		if !seen.take(&h, line) {
			return h, unusual
		}
	}
	h.size = len(b) - len(rest)
	if !seen.host || h.length > r.body || h.length > 0 && h.Method != http.MethodPost {
		return h, unusual
	}
	return h, whole
}

// cutLine cuts a line that ends as HTTP says.
func cutLine(b []byte) (line, rest []byte, state reading) {
	end := bytes.IndexByte(b, '\n')
	switch {
	case end < 0:
		return nil, nil, partly
	case end == 0 || b[end-1] != '\r':
		return nil, nil, unusual
	}
	return b[:end-1], b[end+1:], whole
}

// start reads the first line.
func (h *callHead) start(line []byte, path string) bool {
	method, rest, _ := bytes.Cut(line, []byte(" "))
	id, ok := bytes.CutPrefix(rest, []byte(path))
	if !ok {
		return false
	}
	if id, ok = bytes.CutSuffix(id, []byte(" HTTP/1.1")); !ok {
		return false
	}
	switch string(method) { // which allocates nothing
	case http.MethodPost:
		h.Method = http.MethodPost
	case http.MethodGet:
		h.Method = http.MethodGet
	case http.MethodDelete:
		h.Method = http.MethodDelete
	default:
		return false
	}
	encoded, padded := bytes.CutSuffix(id, []byte("%3D"))
	if !idLetters.all(encoded) {
		return false
	}
	if h.ID = string(encoded); padded {
		h.ID += "="
	}
	return h.ID != ""
}

// letters are a set of bytes.
type letters [256]bool

const lettersAndDigits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

var (
	idLetters    = lettersOf(lettersAndDigits + "-_=")
	nameLetters  = lettersOf(lettersAndDigits + "!#$%&'*+-.^_`|~")
	hostLetters  = lettersOf(lettersAndDigits + ".:-_[]")
	valueLetters = notControl()
)

func lettersOf(list string) *letters {
	var set letters
	for _, c := range []byte(list) {
		set[c] = true
	}
	return &set
}

// notControl are the letters of a field's value.
func notControl() *letters {
	var set letters
	for c := range set {
		set[c] = c >= ' ' && c != 0x7f || c == '\t'
	}
	return &set
}

func (set *letters) all(text []byte) bool {
	for _, c := range text {
		if !set[c] {
			return false
		}
	}
	return true
}

// fields are those that may stand in a head once.
type fields struct{ host, length, authorization bool }

// take reads a line of a head. It is false for what changes how the rest is to be read, and for
// what is wrong.
func (seen *fields) take(h *callHead, line []byte) bool {
	name, value, ok := bytes.Cut(line, []byte(":"))
	if !ok || len(name) == 0 || !nameLetters.all(name) || !valueLetters.all(value) {
		return false
	}
	value = bytes.Trim(value, " \t")
	switch {
	case is(name, "Host"):
		ok = !seen.host && len(value) > 0 && hostLetters.all(value)
		seen.host = true
	case is(name, "Content-Length"):
		h.length, ok = decimal(value)
		ok = ok && !seen.length
		seen.length = true
	case is(name, "Authorization"):
		h.Authorization, ok = string(value), !seen.authorization
		seen.authorization = true
	case is(name, securityToken):
		h.SecurityToken = string(value)
	case is(name, "Connection"):
		return is(value, "keep-alive")
	case is(name, "Transfer-Encoding"), is(name, "Expect"), is(name, "Upgrade"), is(name, "Trailer"):
		return false
	}
	return ok
}

func is(name []byte, known string) bool {
	return len(name) == len(known) && bytes.EqualFold(name, []byte(known))
}

// decimal reads a number of up to seven digits.
func decimal(text []byte) (n int, ok bool) {
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, len(text) > 0 && len(text) <= 7
}
