package push

import (
	"bytes"
)

// delivered reads the answer if it is the one that nearly all posts have: 200, nothing in it, and the connection stays.
// Anything else is left to be read: in a room of many what http.ReadResponse costs is a tenth of a post.
func (h *httpConn) delivered() bool {
	if _, err := h.reader.Peek(1); err != nil {
		return false
	}
	for {
		there, err := h.reader.Peek(h.reader.Buffered())
		if err != nil {
			return false
		}
		if end := bytes.Index(there, []byte("\r\n\r\n")); end >= 0 {
			head := there[:end+2]
			if !plain(head) {
				return false
			}
			_, err := h.reader.Discard(end + 4)
			h.used = true
			return err == nil
		}
		if len(there) == h.reader.Size() || !bytes.HasPrefix(there, []byte("HTTP/1.1 200 ")) {
			return false
		}
		if _, err := h.reader.Peek(len(there) + 1); err != nil {
			return false
		}
	}
}

// plain says whether a head, each of its lines with its end, is of an answer without a body over a connection that stays.
func plain(head []byte) bool {
	status, fields, _ := bytes.Cut(head, []byte("\r\n"))
	empty := false
	for len(fields) > 0 {
		var line []byte
		line, fields, _ = bytes.Cut(fields, []byte("\r\n"))
		name, value, ok := bytes.Cut(line, []byte(":"))
		value = bytes.TrimSpace(value)
		switch {
		case !ok || bytes.ContainsAny(line, "\r\n") || len(name) == 0 || name[0] == ' ' || name[0] == '\t':
			return false
		case bytes.EqualFold(name, []byte("Content-Length")):
			if empty || string(value) != "0" {
				return false
			}
			empty = true
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			return false
		case bytes.EqualFold(name, []byte("Connection")) && !bytes.EqualFold(value, []byte("keep-alive")):
			return false
		}
	}
	return empty && bytes.HasPrefix(status, []byte("HTTP/1.1 200 "))
}
