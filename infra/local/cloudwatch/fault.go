package cloudwatch

import (
	"fmt"
	"net/http"

	"github.com/aws/smithy-go"
)

// fault is an error that the client gets. The SDK makes its own type of it by shape, and finds code in ErrorCode.
type fault struct {
	status  int
	shape   string
	code    string // as in the protocol before, which clients know it by
	member  string // that holds the message
	message string
}

// Error returns the message.
func (f *fault) Error() string { return f.message }

// Serialize writes the fault as rpc-v2-cbor has it.
func (f *fault) Serialize(s smithy.ShapeSerializer) {
	s.WriteMap(nil)
	for _, member := range [][2]string{{"__type", f.shape}, {f.member, f.message}} {
		s.WriteKey(nil, member[0])
		s.WriteString(nil, member[1])
	}
	s.CloseMap()
}

// queryError is the header that carries code.
func (f *fault) queryError() string {
	if f.status >= http.StatusInternalServerError {
		return f.code + ";Receiver"
	}
	return f.code + ";Sender"
}

func invalidValue(format string, args ...any) *fault {
	return refusal("InvalidParameterValueException", "InvalidParameterValue", format, args...)
}

func missing(parameter string) *fault {
	return refusal("MissingRequiredParameterException", "MissingParameter", "The parameter %s is required.", parameter)
}

func combination(format string, args ...any) *fault {
	return refusal("InvalidParameterCombinationException", "InvalidParameterCombination", format, args...)
}

// validation is how GetMetricData refuses; CloudWatch's model has no shape for it there.
func validation(message string) *fault {
	return refusal("ValidationError", "ValidationError", "%s", message)
}

func badToken() *fault {
	return refusal("InvalidNextToken", "InvalidNextToken", "The value for parameter NextToken is not one of this request.")
}

func limitExceeded(cause error) *fault {
	f := refusal("LimitExceededException", "LimitExceededException", "%v", cause)
	f.member = "Message"
	return f
}

func unreadable(cause error) *fault {
	return refusal("SerializationException", "SerializationException", "The request cannot be read: %v", cause)
}

func refusal(shape, code, format string, args ...any) *fault {
	return &fault{status: http.StatusBadRequest, shape: shape, code: code, member: "message", message: fmt.Sprintf(format, args...)}
}

func internalFault() *fault {
	return &fault{
		status: http.StatusInternalServerError, shape: "InternalServiceFault", code: "InternalServiceError",
		member: "Message", message: "The request failed; the log of the local run says why.",
	}
}
