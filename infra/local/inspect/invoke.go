package inspect

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"switchboard/infra/local/lambda"
)

// InvokePrefix is where Lambda's own API has functions (API reference, Invoke): the AWS CLI invokes with --endpoint-url too.
const InvokePrefix = "/2015-03-31/functions/"

// serveInvoke lets the person whose machine this is call functions. Pages say where they are from, and may not.
func (w *Window) serveInvoke(out http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Origin") != "" {
		http.Error(out, "pages may not call functions", http.StatusForbidden)
		return
	}
	event, err := io.ReadAll(http.MaxBytesReader(out, r.Body, lambda.MaxPayload+1))
	if err != nil {
		http.Error(out, "the event could not be read", http.StatusBadRequest)
		return
	}
	answer, err := w.options.Invoke(r.Context(), r.PathValue("name"), event)
	if failed, ok := errors.AsType[*lambda.FunctionError](err); ok {
		out.Header().Set("X-Amz-Function-Error", "Unhandled")
		answer, err = json.Marshal(failed)
	}
	if err != nil {
		refuse(out, err)
		return
	}
	out.Header().Set("Content-Type", "application/json")
	_, _ = out.Write(answer) // the caller has gone, and then nobody is left to tell
}

// refuse answers what did not reach the function, as Lambda's Invoke does (API reference, Invoke: Errors).
func refuse(out http.ResponseWriter, err error) {
	status, code := http.StatusInternalServerError, "ServiceException"
	switch {
	case errors.Is(err, lambda.ErrThrottled):
		status, code = http.StatusTooManyRequests, "TooManyRequestsException"
	case errors.Is(err, lambda.ErrNotFound):
		status, code = http.StatusNotFound, "ResourceNotFoundException"
	case errors.Is(err, lambda.ErrTooLarge):
		status, code = http.StatusRequestEntityTooLarge, "RequestTooLargeException"
	}
	out.Header().Set("Content-Type", "application/json")
	out.Header().Set("X-Amzn-Errortype", code)
	out.WriteHeader(status)
	_ = json.NewEncoder(out).Encode(map[string]string{"Type": "User", "message": err.Error()}) // as above
}
