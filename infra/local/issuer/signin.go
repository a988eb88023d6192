package issuer

import (
	"net/http"
	"net/url"
)

// maxFormBytes bounds a form's body.
const maxFormBytes = 16 << 10

func (i *Issuer) serveSignIn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxFormBytes)
	if err := r.ParseForm(); err != nil {
		i.refuse(w, http.StatusBadRequest, "The form cannot be read.")
		return
	}
	key := r.PostForm.Get("request")
	asked, ok := i.askedBy(r, key)
	if !ok {
		i.refuse(w, http.StatusBadRequest, "This sign-in has waited for too long, or was not begun here.")
		return
	}
	who, ok := i.chosen(r.PostForm)
	if !ok {
		i.showSignIn(w, http.StatusUnprocessableEntity, asked, key, r.PostForm.Get("name"))
		return
	}
	i.mu.Lock()
	signedIn := account{who, i.now()}
	asked.session.add(signedIn)
	i.renewSession(w, r, asked.session)
	answer := i.newCode(asked, signedIn)
	i.mu.Unlock()
	i.sendBack(w, r, asked, answer)
}

// askedBy gives the request that a form was made for, if it comes from the same browser:
// no other page can know the key and have the cookie. The form stays good, for whoever
// presses twice.
func (i *Issuer) askedBy(r *http.Request, key string) (*request, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	asked, ok := i.requests.get(i.now(), key)
	if !ok || asked.session != i.sessionOf(r) {
		return nil, false
	}
	return asked, true
}

func (i *Issuer) chosen(form url.Values) (person, bool) {
	if form.Has("person") {
		return i.register.person(form.Get("person"))
	}
	who, ok := called(form.Get("name"))
	if !ok {
		return who, false
	}
	return i.register.add(who), true
}
