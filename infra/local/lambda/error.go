package lambda

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"time"

	"github.com/aws/aws-lambda-go/lambda/messages"
)

// frames bounds a panic's trace, as aws-lambda-go does.
const frames = 32

// FunctionError is a call that the function ended with an error, a panic or not in time. Its JSON is the payload of Lambda's answer with the
// header X-Amz-Function-Error: Unhandled.
type FunctionError struct {
	Message string  `json:"errorMessage"`
	Type    string  `json:"errorType"`
	Trace   []Frame `json:"stackTrace,omitempty"` // of a panic
}

// Frame is one call in a panic's trace, innermost first.
type Frame struct {
	Path  string `json:"path"`
	Line  int    `json:"line"`
	Label string `json:"label"`
}

// Error is the type and the message, for logs.
func (e *FunctionError) Error() string { return e.Type + ": " + e.Message }

// failed names an error as aws-lambda-go does: by its Go type, without package or pointer.
func failed(err error) *FunctionError {
	if given, ok := errors.AsType[*FunctionError](err); ok {
		return given
	}
	if given, ok := errors.AsType[messages.InvokeResponse_Error](err); ok {
		return &FunctionError{Type: given.Type, Message: given.Message}
	}
	return &FunctionError{Type: typeName(err), Message: err.Error()}
}

func panicked(value any) *FunctionError {
	pcs := make([]uintptr, frames)
	const hidden = 3 // runtime.Callers, panicked and the deferred function
	calls := runtime.CallersFrames(pcs[:runtime.Callers(hidden, pcs)])
	var trace []Frame
	for {
		frame, more := calls.Next()
		trace = append(trace, Frame{Path: frame.File, Line: frame.Line, Label: frame.Function})
		if !more {
			return &FunctionError{Type: typeName(value), Message: fmt.Sprint(value), Trace: trace}
		}
	}
}

// timedOut has the words of Lambda's own answer; the log line it writes has the same after "Error: ".
func timedOut(id string, timeout time.Duration) *FunctionError {
	return &FunctionError{
		Type:    "Sandbox.Timedout",
		Message: fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", id, timeout.Seconds()),
	}
}

// TooLargeAnswer is what becomes of a call whose answer is over MaxPayload.
func TooLargeAnswer() *FunctionError {
	return &FunctionError{
		Type:    "Function.ResponseSizeTooLarge",
		Message: fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", MaxPayload),
	}
}

func typeName(value any) string {
	t := reflect.TypeOf(value)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Name()
}
