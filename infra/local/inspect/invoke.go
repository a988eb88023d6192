package inspect

import (
	"encoding/json"
	"io"
	"net/http"
)

// InvokePrefix is where Lambda's own API has functions (API reference, Invoke): the AWS CLI invokes with --endpoint-url too.
const InvokePrefix = "/2015-03-31/functions/"

// maxEvent is Lambda's quota of a synchronous request.
const maxEvent = 6_291_556

// serveInvoke lets the person whose machine this is call functions. Pages say where they are from, and may not.
func (w *Window) serveInvoke(out http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Origin") != "" {
		http.Error(out, "pages may not call functions", http.StatusForbidden)
		return
	}
	event, err := io.ReadAll(http.MaxBytesReader(out, r.Body, maxEvent))
	if err != nil {
		http.Error(out, "the event could not be read", http.StatusBadRequest)
		return
	}
	answer, err := w.options.Invoke(r.Context(), r.PathValue("name"), event)
	if err != nil {
		out.Header().Set("X-Amz-Function-Error", "Unhandled")
		if answer, err = json.Marshal(map[string]string{"errorMessage": err.Error()}); err != nil {
			http.Error(out, "the error could not be written", http.StatusInternalServerError)
			return
		}
	}
	out.Header().Set("Content-Type", "application/json")
	_, _ = out.Write(answer) // the caller has gone, and then nobody is left to tell
}
