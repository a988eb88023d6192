package identity

import "strings"

// bearerPrefix starts the sub-protocol that carries a token, as browsers cannot send an
// Authorization header with a WebSocket.
const bearerPrefix = "bearer."

// Protocols splits a Sec-WebSocket-Protocol header into its names.
func Protocols(header string) []string {
	var names []string
	for name := range strings.SplitSeq(header, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// TokenFrom gives the token among the sub-protocols, else the query's, else none.
func TokenFrom(protocols []string, queryToken string) string {
	for _, name := range protocols {
		if token, ok := strings.CutPrefix(name, bearerPrefix); ok {
			return token
		}
	}
	return queryToken
}
