package gateway

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// isUpgrade reports whether r asks to become a WebSocket.
func isUpgrade(r *http.Request) bool {
	return r.ProtoMajor == 1 && hasToken(r.Header["Connection"], "upgrade") && hasToken(r.Header["Upgrade"], "websocket")
}

// checkUpgrade returns the status that refuses r's upgrade headers, or 0.
func checkUpgrade(r *http.Request) int {
	if !isUpgrade(r) || r.Header.Get("Sec-Websocket-Version") != "13" {
		return http.StatusUpgradeRequired
	}
	nonce, err := base64.StdEncoding.DecodeString(r.Header.Get("Sec-Websocket-Key"))
	if err != nil || len(nonce) != 16 {
		return http.StatusBadRequest
	}
	return 0
}

func hasToken(values []string, token string) bool {
	return slices.ContainsFunc(values, func(value string) bool {
		for item := range strings.SplitSeq(value, ",") {
			if strings.EqualFold(strings.TrimSpace(item), token) {
				return true
			}
		}
		return false
	})
}

// hijack takes the connection over from net/http, with what the client has sent already. Nothing of
// the server's buffers is kept: ten thousand idle connections would keep theirs.
func hijack(w http.ResponseWriter) (net.Conn, io.Reader, error) {
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, nil, fmt.Errorf("take over connection: %w", err)
	}
	early, err := buffered.Reader.Peek(buffered.Reader.Buffered())
	if err = errors.Join(err, conn.SetDeadline(time.Time{})); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("take over connection: %w", err), conn.Close())
	}
	conn, in := begin(early, conn)
	return conn, in, nil
}

// switchProtocols writes the 101 that answers the client's key.
func switchProtocols(conn net.Conn, key, subprotocol string, timeout time.Duration) error {
	w := bufio.NewWriterSize(conn, 512)
	w.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ")
	w.WriteString(acceptKey(key))
	if subprotocol != "" {
		w.WriteString("\r\nSec-WebSocket-Protocol: " + subprotocol)
	}
	w.WriteString("\r\n\r\n")
	if err := conn.SetWriteDeadline(time.Now().Add(timeout)); err != nil {
		return fmt.Errorf("switch protocols: %w", err)
	}
	if err := errors.Join(w.Flush(), conn.SetWriteDeadline(time.Time{})); err != nil {
		return fmt.Errorf("switch protocols: %w", err)
	}
	return nil
}

// acceptKey is the proof of RFC 6455, section 4.2.2, that the server speaks the protocol.
func acceptKey(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}
