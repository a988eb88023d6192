package fault

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"time"
)

// Path is where the faults are listed (GET), set by a JSON object of settings by name (PUT) and all ended (DELETE).
const Path = "/_local/faults"

const maxBody = 1 << 16

// row is a fault as it is listed.
type row struct {
	Name    string  `json:"name"`
	Says    string  `json:"says"`
	Share   float64 `json:"share"`
	ForMS   *number `json:"forMs"`
	Count   *number `json:"count"`
	Strikes int     `json:"strikes"`
}

// number is what a fault takes, as it is and may be.
type number struct {
	Value float64 `json:"value"`
	Says  string  `json:"says"`
	Least float64 `json:"least"`
	Most  float64 `json:"most"`
	Zero  float64 `json:"zero"`
}

// ServeHTTP answers every request with the faults as they are then, or with an Error. It is for this machine: what a browser sends from some other
// page, or by a name that leads here, is refused.
func (f *Faults) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !FromHere(r) {
		refuse(w, http.StatusForbidden, wrong("Forbidden", "", "Ask from this machine, by 127.0.0.1 or localhost, and from no other page."))
		return
	}
	switch r.Method {
	case http.MethodGet:
	case http.MethodPut:
		if err := f.put(http.MaxBytesReader(w, r.Body, maxBody)); err != nil {
			refuse(w, http.StatusBadRequest, err)
			return
		}
	case http.MethodDelete:
		f.Clear()
	default:
		w.Header().Set("Allow", "GET, PUT, DELETE")
		refuse(w, http.StatusMethodNotAllowed, wrong("MethodNotAllowed", "", "GET, PUT or DELETE"))
		return
	}
	answer(w, http.StatusOK, map[string][]row{"faults": f.rows()})
}

func (f *Faults) put(body io.Reader) *Error {
	var settings map[string]Setting
	if err := json.NewDecoder(body).Decode(&settings); err != nil {
		return wrong(Unreadable, "", `write {"name":0.05} or {"name":{"share":0.05,"count":20,"forMs":2000}}: %v`, err)
	}
	if err := f.Set(settings); err != nil {
		if refused, ok := errors.AsType[*Error](err); ok {
			return refused
		}
		return wrong(Unreadable, "", "%v", err)
	}
	return nil
}

// FromHere says whether a request is to a name of this machine, and, if a browser sent it, from a page of the same origin: names can be made to lead here.
func FromHere(r *http.Request) bool {
	name, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		name = r.Host
	}
	origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
	return (name == "localhost" || net.ParseIP(name).IsLoopback()) &&
		(origin == "" || origin == "http://"+r.Host) && (site == "" || site == "none" || site == "same-origin")
}

func (f *Faults) rows() []row {
	states := f.List()
	var rows []row
	for _, kind := range Kinds() {
		st := states[kind.Name]
		r := row{Name: kind.Name, Says: kind.Says, Share: st.Share, Strikes: st.Strikes}
		if kind.For != nil {
			r.ForMS = &number{ms(st.For), kind.For.Says, ms(kind.For.Least), ms(kind.For.Most), ms(kind.For.Zero)}
		}
		if c := kind.Count; c != nil {
			r.Count = &number{float64(st.Count), c.Says, float64(c.Least), float64(c.Most), float64(c.Zero)}
		}
		rows = append(rows, r)
	}
	return rows
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func refuse(w http.ResponseWriter, status int, err *Error) { answer(w, status, err) }

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a caller that has gone is not told
}
