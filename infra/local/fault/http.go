package fault

import (
	"encoding/json"
	"net"
	"net/http"
)

// Path is where the faults are listed (GET), set by a JSON object of shares (PUT) and all ended (DELETE).
const Path = "/_local/faults"

const maxBody = 1 << 16

// ServeHTTP answers every request with the faults as they are then. It is for programs of this machine: what a browser sends from some page, or by a name that leads here, is refused.
func (f *Faults) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil || !net.ParseIP(host).IsLoopback() || r.Header.Get("Origin") != "" && r.Header.Get("Origin") != "http://"+r.Host {
		http.Error(w, "Ask from this machine, by 127.0.0.1.", http.StatusForbidden)
		return
	}
	switch r.Method {
	case http.MethodGet:
	case http.MethodPut:
		var shares map[string]float64
		err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&shares)
		if err == nil {
			err = f.Set(shares)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	case http.MethodDelete:
		f.Clear()
	default:
		http.Error(w, "GET, PUT or DELETE", http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(f.List()) // a caller that has gone is not told
}
