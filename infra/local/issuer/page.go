package issuer

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"strings"

	"switchboard/static"
)

//go:embed *.css *.js
var own embed.FS

//go:embed *.html
var views embed.FS

// Each view is the frame with its own content. Parse errors end the start: the files are part of the program.
var (
	signInView  = template.Must(template.ParseFS(views, "frame.html", "signin.html"))
	messageView = template.Must(template.ParseFS(views, "frame.html", "message.html"))
)

// signIn is what the sign-in page shows.
type signIn struct {
	Request          string // the form's key
	Host             string // of this machine
	To               string // where one comes in
	Keepers, Talkers []person
	Name             string // as it was typed
	NameWrong        bool
}

// message is a page that says something, with a form if Secret is not empty.
type message struct {
	Title, Text string
	People      []string
	Secret      string
	Keep        url.Values // goes with the form
}

func (i *Issuer) showSignIn(w http.ResponseWriter, status int, asked *request, key, wrongName string) {
	to, _ := url.Parse(asked.redirect) // New has read it
	i.show(w, status, signInView, signIn{
		Request: key, Host: i.url.Host, To: to.Host, Keepers: i.register.shown(keepers), Talkers: i.register.shown(talkers),
		Name: wrongName, NameWrong: status != http.StatusOK,
	})
}

// refuse says why a sign-in cannot go on. The sentence is for the person who sees it.
func (i *Issuer) refuse(w http.ResponseWriter, status int, why string) {
	i.show(w, status, messageView, message{Title: "This sign-in cannot go on", Text: why + " Go back to where you came from, and sign in from there."})
}

// askToSignOut asks whether everyone in a browser shall be signed out. The caller holds the lock.
func askToSignOut(s *session, form url.Values) message {
	m := message{
		Title: "Sign out of this browser?", Text: "Its pages go on until their tokens end, within the hour.",
		Secret: s.secret, Keep: url.Values{},
	}
	for _, a := range s.accounts {
		m.People = append(m.People, a.person.Name)
	}
	for _, name := range []string{"client_id", "post_logout_redirect_uri", "logout_uri", "state"} {
		if form.Get(name) != "" {
			m.Keep[name] = []string{form.Get(name)}
		}
	}
	return m
}

// show renders a page whole before anything of it is sent.
func (i *Issuer) show(w http.ResponseWriter, status int, view *template.Template, values any) {
	var page bytes.Buffer
	if err := view.ExecuteTemplate(&page, "frame.html", values); err != nil {
		i.log.Error("render", "error", err.Error())
		http.Error(w, "The page cannot be shown.", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	// A form's answer leads to the client, which counts as the form's action too.
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; "+
		"base-uri 'none'; frame-ancestors 'none'; form-action 'self' "+strings.Join(i.origins, " "))
	w.WriteHeader(status)
	if _, err := page.WriteTo(w); err != nil {
		i.log.Debug("send page", "error", err.Error())
	}
}

// serveStatic serves this package's own files, and those that all pages share.
func (i *Issuer) serveStatic(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	var from fs.FS = static.FS
	if file, err := own.Open(name); err == nil {
		_ = file.Close() // nothing was written
		from = own
	}
	if info, err := fs.Stat(from, name); err != nil || info.IsDir() {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeFileFS(w, r, from, name)
}
