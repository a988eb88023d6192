package stack

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"switchboard/infra/local/template"
	"switchboard/static"
	"switchboard/web"
)

// pageSettings is config.json: where the API is, where to sign in as whom, and whether guests may come in.
type pageSettings struct {
	API         string `json:"api"`
	Issuer      string `json:"issuer"`
	ClientID    string `json:"clientId"`
	Guests      bool   `json:"guests"`
	Development bool   `json:"development"`
}

// newPage serves the chat page as a bucket with the same tree does, and config.json.
func (s *Stack) newPage() http.Handler {
	settings := pageSettings{API: s.WebSocketURL(), Issuer: s.issuerURL(), ClientID: pageClient, Guests: s.guestsAllowed(), Development: true}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", file(web.FS, "index.html"))
	mux.Handle("GET /web/", files("/web/", web.FS))
	mux.Handle("GET /static/", files("/static/", static.FS))
	mux.HandleFunc("GET /config.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(settings) // the reader has gone; nobody is left to tell
	})
	return s.secured(mux)
}

func file(from fs.FS, name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, from, name) })
}

// files serves a folder's files under a prefix, and no lists of them.
func files(prefix string, from fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, prefix)
		if name == "" || strings.HasSuffix(name, "/") {
			http.NotFound(w, r)
			return
		}
		http.ServeFileFS(w, r, from, name)
	})
}

// secured sets the headers that the template gives the page, with the addresses it talks to here. It sends localhost to 127.0.0.1: another origin, which the API would refuse and whose storage is another.
func (s *Stack) secured(next http.Handler) http.Handler {
	address := s.doors.page.address()
	headers := map[string]string{}
	maps.Copy(headers, s.Template.PageHeaders)
	headers["Content-Security-Policy"] = regexp.MustCompile(`connect-src [^;]*`).ReplaceAllString(headers["Content-Security-Policy"],
		fmt.Sprintf("connect-src 'self' %s http://%s", s.WebSocketURL(), s.doors.aws.address()))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, _, err := net.SplitHostPort(r.Host); err == nil && name == "localhost" {
			http.Redirect(w, r, "http://"+address+r.URL.RequestURI(), http.StatusTemporaryRedirect)
			return
		}
		h := w.Header()
		for name, value := range headers {
			h.Set(name, value)
		}
		h.Set("Cache-Control", "no-cache")
		next.ServeHTTP(w, r)
	})
}

// guestsAllowed is what the authorizer is told.
func (s *Stack) guestsAllowed() bool {
	return slices.ContainsFunc(s.Template.Functions, func(f template.Function) bool { return f.Environment["GUESTS_ALLOWED"] == "true" })
}
