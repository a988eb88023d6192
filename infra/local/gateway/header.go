package gateway

import (
	"cmp"
	"net"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
)

type header struct {
	name   string
	values []string
}

// headers are those of an event, sorted by name without regard to case as API Gateway's are.
// net/http does not keep the case in which a name was sent, so names have the usual form.
type headers []header

func (h headers) sorted() headers {
	slices.SortFunc(h, func(a, b header) int { return strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name)) })
	return h
}

// last is the single-valued map of an event: the last value wins.
func (h headers) last() object {
	o := make(object, len(h))
	for i, field := range h {
		o[i] = member{field.name, field.values[len(field.values)-1]}
	}
	return o
}

// all is the multi-valued map of an event.
func (h headers) all() object {
	o := make(object, len(h))
	for i, field := range h {
		o[i] = member{field.name, field.values}
	}
	return o
}

// requestHeaders are the headers of the CONNECT event: the client's without those of the hop, and
// API Gateway's own.
func requestHeaders(r *http.Request) headers {
	forwarded := append(slices.Clone(r.Header.Values("X-Forwarded-For")), sourceIP(r))
	list := headers{
		{"Host", []string{r.Host}},
		{"X-Amzn-Trace-Id", []string{cmp.Or(r.Header.Get("X-Amzn-Trace-Id"), newTraceID())}},
		{"X-Forwarded-For", []string{strings.Join(forwarded, ", ")}},
		{"X-Forwarded-Port", []string{"443"}},
		{"X-Forwarded-Proto", []string{"https"}},
	}
	own := func(name string) bool {
		return slices.ContainsFunc(list, func(h header) bool { return h.name == name })
	}
	for name, values := range r.Header {
		if !own(name) && !ofHop(name) {
			list = append(list, header{eventName(name), values})
		}
	}
	return list.sorted()
}

// ofHop reports whether a header is about this connection only.
func ofHop(name string) bool {
	return name == "Connection" || name == "Upgrade" || name == "Content-Length" || name == "Transfer-Encoding"
}

// authorizerHeaders are requestHeaders with the three that only authorizers are shown.
func authorizerHeaders(list headers) headers {
	hop := headers{{"Connection", []string{"upgrade"}}, {"content-length", []string{"0"}}, {"Upgrade", []string{"websocket"}}}
	return slices.Concat(hop, list).sorted()
}

// disconnectHeaders are the fixed ones of a DISCONNECT event.
func disconnectHeaders(domain string) headers {
	empty := []string{""}
	return headers{{"Host", []string{domain}}, {"x-api-key", empty}, {"X-Forwarded-For", empty}, {"x-restapi", empty}}
}

// eventName undoes what net/http makes of the one family of names that every client sends in
// another form.
func eventName(name string) string {
	if rest, ok := strings.CutPrefix(name, "Sec-Websocket-"); ok {
		return "Sec-WebSocket-" + rest
	}
	return name
}

func (h headers) get(name string) string {
	for _, field := range h {
		if textproto.CanonicalMIMEHeaderKey(field.name) == textproto.CanonicalMIMEHeaderKey(name) {
			return field.values[len(field.values)-1]
		}
	}
	return ""
}

func sourceIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr // a listener without ports, such as net.Pipe's
	}
	return host
}
